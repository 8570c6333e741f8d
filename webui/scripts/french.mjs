// French typography: a narrow no-break space before ; : ! ? » and after «.
import { readFileSync } from 'node:fs';

const lines = ['first', 'pages'].flatMap((part) => readFileSync(`src/i18n/fr.${part}.ts`, 'utf8').split('\n').map((line, index) => [`fr.${part}.ts:${index + 1}`, line]));
let wrong = 0;
lines.forEach(([place, line]) => {
  const strings = line.match(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [];
  for (const text of strings.map((one) => one.replace(/\$\{[^}]*\}/g, 'x'))) {
    if (/[^\u202f\s][;!?»](?=[\s'`]|$)/.test(text) || / [;:!?»]/.test(text) || /«[^\u202f]/.test(text) || /\p{L}:(?=\s)/u.test(text)) {
      console.error(`src/i18n/${place}: ${text}`);
      wrong += 1;
    }
  }
});
process.exit(wrong > 0 ? 1 : 0);
