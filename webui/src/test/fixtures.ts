/** The golden samples that both languages read. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A file of the repository, by its path from the root. */
export function readRoot(path: string): string {
  return readFileSync(resolve(ROOT, path), 'utf8');
}

export function readFixture<T>(name: 'client' | 'server' | 'reducer'): T {
  return JSON.parse(readRoot(`protocol/fixtures/${name}.json`)) as T;
}
