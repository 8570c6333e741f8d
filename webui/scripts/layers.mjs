// The rules between folders, and the sinks that must not be in the code.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !path.includes('generated') ? [path] : [];
  });
}

const problems = [];
for (const path of sources('src')) {
  const text = readFileSync(path, 'utf8');
  const isTest = path.includes('.test.') || path.includes('/test/');
  const say = (why) => problems.push(`${path}: ${why}`);
  if (/innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write/.test(text)) say('writes HTML');
  if (isTest) continue;
  const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map((match) => normalize(join(dirname(path), match[1])));
  for (const target of imports) {
    if (path.startsWith('src/ui/') && /^src\/(features|app)\//.test(target)) say(`ui knows no feature, but imports ${target}`);
    if (path.startsWith('src/protocol/') && /^src\/(features|app|ui|i18n)\//.test(target)) say(`protocol knows no feature, but imports ${target}`);
    if (path.startsWith('src/platform/') && !/^src\/platform\//.test(target)) say(`platform knows nothing else, but imports ${target}`);
    // Logic of a feature stands alone; views of one may use a view of another.
    const feature = /^src\/features\/(\w+)\//.exec(path)?.[1];
    const other = /^src\/features\/(\w+)\//.exec(target)?.[1];
    if (feature && other && feature !== other && path.endsWith('.ts')) say(`logic of ${feature} imports ${other}`);
  }
  const isView = path.endsWith('.tsx') || path.startsWith('src/platform/');
  if (!isView && /\b(document|window|localStorage|indexedDB|navigator)\./.test(text)) say('names a browser API outside platform/');
}
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
