// Makes webui/dist-br from webui/dist: brotli for text, everything else as it is; what the appliance embeds.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const text = /\.(html|js|css|svg|json|webmanifest|txt)$/;

export function files(folder, below = '') {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = join(below, name);
    return statSync(join(folder, path)).isDirectory() ? files(folder, path) : [path];
  });
}

export function compress(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
}

if (process.argv[1]?.endsWith('compress.mjs')) {
  rmSync('dist-br', { recursive: true, force: true });
  for (const path of files('dist')) {
    if (path === 'manifest.json') continue;
    const bytes = readFileSync(join('dist', path));
    const to = join('dist-br', text.test(path) ? `${path}.br` : path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text.test(path) ? compress(bytes) : bytes);
  }
}
