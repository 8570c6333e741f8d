import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { iconNames } from '../src/ui/iconNames.ts';

const virtualId = 'virtual:icon-sprite';
const devPath = '/icons.svg';
const require = createRequire(import.meta.url);

function symbol(name: string): string {
  const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), 'utf8');
  const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
  if (body === undefined) throw new Error(`lucide icon "${name}" has an unexpected shape`);
  const shapes = body.replace(/\s+/g, ' ').replace(/ \/>/g, '/>').replace(/> </g, '><').trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}

/** One SVG file with every icon the web client uses, made from lucide-static. */
export function iconSprite(): Plugin {
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${iconNames.map(symbol).join('')}</svg>`;
  const hash = createHash('sha256').update(sprite).digest('hex').slice(0, 8);
  let building = false;
  return {
    name: 'mesh-icon-sprite',
    configResolved(config) {
      building = config.command === 'build';
    },
    resolveId: (id) => (id === virtualId ? `\0${virtualId}` : null),
    load(id) {
      if (id !== `\0${virtualId}`) return null;
      if (!building) return `export default ${JSON.stringify(devPath)};`;
      const fileName = `assets/icons-${hash}.svg`;
      this.emitFile({ type: 'asset', fileName, source: sprite });
      return `export default ${JSON.stringify(`/${fileName}`)};`;
    },
    configureServer(server) {
      server.middlewares.use(devPath, (_request, response) => {
        response.setHeader('Content-Type', 'image/svg+xml');
        response.end(sprite);
      });
    },
  };
}
