// Holds the web client to its budgets (ui.md 3.5): brotli-11 KiB of what each part loads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compress, files } from './compress.mjs';

const manifest = JSON.parse(readFileSync('dist/manifest.json', 'utf8'));
const size = (path) => compress(readFileSync(join('dist', path))).length / 1024;

/** All files that an entry loads at once. */
function loads(key, seen = new Set()) {
  if (seen.has(key)) return [];
  seen.add(key);
  const chunk = manifest[key];
  return [chunk.file, ...(chunk.css ?? []), ...(chunk.imports ?? []).flatMap((one) => loads(one, seen))];
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = new Set(loads(entry));
const all = files('dist').filter((path) => path !== 'manifest.json');
const icons = all.filter((path) => /icons-.*\.svg$/.test(path));
const lazy = (source) => {
  const key = Object.keys(manifest).find((one) => one.endsWith(source));
  return key ? [...new Set(loads(key))].filter((path) => !shell.has(path)) : [];
};
const words = new Set(lazy('i18n/pages.ts'));
/** Without the words, which are counted once. */
const part = (source) => lazy(source).filter((path) => !words.has(path));
const sum = (paths) => paths.reduce((total, path) => total + size(path), 0);
const first = ['index.html', ...shell, ...icons];
const rows = [
  ['index.html', ['index.html'], 1, 1.5],
  ['shell and room, JavaScript', [...shell].filter((path) => path.endsWith('.js')), 48, 52],
  ['styles', [...shell].filter((path) => path.endsWith('.css')), 7, 9],
  ['icons', icons, 4, 5],
  ['first screen', first, 59, 60],
  ['French', [...new Set([...lazy('i18n/fr.first.ts'), ...lazy('i18n/fr.pages.ts')])], 8, 10],
  ['later words', [...words], 4, 6],
  ['sign in', part('session/SignIn.tsx'), 8, 10],
  ['welcome and invites', [...new Set([...part('onboarding/Welcome.tsx'), ...part('onboarding/AcceptInvite.tsx')])], 10, 12],
  ['settings', part('settings/Settings.tsx'), 8, 10],
  ['admin', part('admin/Admin.tsx'), 20, 24],
  ['everything', all, 330, 350],
];
let over = false;
console.log('| part | KiB, brotli | budget | breaks at |\n|---|---|---|---|');
for (const [name, paths, budget, limit] of rows) {
  const kib = sum(paths);
  const broken = kib > limit || paths.length === 0;
  over ||= broken;
  console.log(`| ${name} | ${kib.toFixed(1)}${broken ? ' (!)' : ''} | ${budget} | ${limit} |`);
}
if (over) {
  console.error('The web client is over its budget.');
  process.exit(1);
}
