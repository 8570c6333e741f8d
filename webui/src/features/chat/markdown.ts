/**
 * Chat Markdown: marked's lexer, reduced to a small tree of our own. There is no HTML on this path: what the lexer
 * takes for HTML is shown as the text it is, and links lead to http, https and mailto only.
 */
import { lexer, type Token, type Tokens } from 'marked';

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'strong' | 'em' | 'del'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'break' }
  | { type: 'mention'; name: string }
  | { type: 'link'; href: string; children: Inline[] };

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; children: Inline[] }
  | { type: 'code'; text: string; language: string }
  | { type: 'quote'; children: Block[] }
  | { type: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { type: 'rule' };

/** Blocks inside blocks; deeper ones are shown as their text. */
const DEPTH = 6;
/** As the box finds them (core/src/room/mention.rs): not inside a word, and the whole name. */
const MENTION = /(^|[^\p{L}\p{N}._-])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?![._-]*[\p{L}\p{N}])/giu;

/** The address of a link, or null when it is not one that may be followed. */
export function safeHref(href: string): string | null {
  // Browsers ignore control characters and white space in schemes; here they make a link none at all.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(href)) return null;
  return /^(https?:\/\/[^/]|mailto:[^/])/i.test(href) ? href : null;
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function words(text: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(MENTION)) {
    const start = match.index + (match[1]?.length ?? 0);
    if (start > from) found.push({ type: 'text', text: text.slice(from, start) });
    found.push({ type: 'mention', name: match[2] ?? '' });
    from = start + 1 + (match[2]?.length ?? 0);
  }
  if (from < text.length) found.push({ type: 'text', text: text.slice(from) });
  return found;
}

function inline(token: Token, depth: number): Inline[] {
  if (depth > DEPTH) return [{ type: 'text', text: token.raw }];
  const inner = () => ('tokens' in token && token.tokens ? inlines(token.tokens, depth + 1) : words(token.raw));
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [{ type: token.type, children: inner() }];
    case 'codespan':
      return [{ type: 'code', text: (token as Tokens.Codespan).text }];
    case 'br':
      return [{ type: 'break' }];
    case 'link': {
      const href = safeHref((token as Tokens.Link).href);
      return href === null ? [{ type: 'text', text: token.raw }] : [{ type: 'link', href, children: inner() }];
    }
    case 'text':
      return 'tokens' in token && token.tokens ? inlines(token.tokens, depth + 1) : lines((token as Tokens.Text).text);
    case 'escape':
      return [{ type: 'text', text: unescape((token as Tokens.Escape).text) }];
    default:
      // Images, HTML and whatever else the lexer knows: the text as it was typed.
      return [{ type: 'text', text: token.raw }];
  }
}

/** Text with its line breaks: in chat, a new line is a new line. */
function lines(text: string): Inline[] {
  return text.split('\n').flatMap((line, index): Inline[] => (index === 0 ? words(line) : [{ type: 'break' }, ...words(line)]));
}

function inlines(tokens: Token[], depth: number): Inline[] {
  return tokens.flatMap((token) => inline(token, depth));
}

function blocks(tokens: Token[], depth: number): Block[] {
  return tokens.flatMap((token) => block(token, depth));
}

/** A list item; its check box is the text that it was typed as. */
function itemOf(item: Tokens.ListItem, depth: number): Block[] {
  const box = item.tokens.find((token) => token.type === 'checkbox');
  const found = blocks(item.tokens.filter((token) => token !== box), depth);
  if (!box) return found;
  const mark: Inline = { type: 'text', text: `${box.raw.trim()} ` };
  const [first, ...rest] = found;
  if (first?.type !== 'paragraph') return [{ type: 'paragraph', children: [mark] }, ...found];
  return [{ type: 'paragraph', children: [mark, ...first.children] }, ...rest];
}

function block(token: Token, depth: number): Block[] {
  if (depth > DEPTH) return [{ type: 'paragraph', children: [{ type: 'text', text: token.raw }] }];
  switch (token.type) {
    case 'space':
    case 'def':
      return token.type === 'def' ? [{ type: 'paragraph', children: [{ type: 'text', text: token.raw.trim() }] }] : [];
    case 'heading':
      return [{ type: 'heading', children: inlines(token.tokens ?? [], 0) }];
    case 'code': {
      const { lang = '', text } = token as Tokens.Code;
      // More than a language behind the fence is something somebody said.
      const isLanguage = /^[\w+#.-]{0,20}$/.test(lang);
      return [{ type: 'code', text: isLanguage ? text : `${lang}\n${text}`, language: isLanguage ? lang : '' }];
    }
    case 'blockquote':
      return [{ type: 'quote', children: blocks(token.tokens ?? [], depth + 1) }];
    case 'list': {
      const list = token as Tokens.List;
      const items = list.items.map((item) => itemOf(item, depth + 1));
      return [{ type: 'list', ordered: list.ordered, start: Number(list.start) || 1, items }];
    }
    case 'hr':
      return [{ type: 'rule' }];
    case 'paragraph':
    case 'text':
      return [{ type: 'paragraph', children: inlines(token.tokens ?? [{ type: 'text', raw: token.raw, text: token.raw } as Token], 0) }];
    default:
      return [{ type: 'paragraph', children: lines(token.raw.trimEnd()) }];
  }
}

/** How blocks and lines are parted where there is one line for all of it. */
const NEXT = ' ';

function plainInline(node: Inline): string {
  switch (node.type) {
    case 'text':
    case 'code':
      return node.text;
    case 'break':
      return NEXT;
    case 'mention':
      return `@${node.name}`;
    default:
      return node.children.map(plainInline).join('');
  }
}

function plainBlock(one: Block): string {
  switch (one.type) {
    case 'paragraph':
    case 'heading':
      return one.children.map(plainInline).join('');
    case 'code':
      return one.text;
    case 'quote':
      return plainBlocks(one.children);
    case 'list':
      return one.items.map(plainBlocks).join(NEXT);
    case 'rule':
      return '';
  }
}

function plainBlocks(all: Block[]): string {
  return all.map(plainBlock).filter(Boolean).join(NEXT);
}

/** Emphasis marks in one text; the lexer takes quadratic time over them, and nobody means so many. */
const MARKS = 2_000;

function parseAnew(text: string): Block[] {
  const asTyped = (): Block[] => [{ type: 'paragraph', children: lines(text) }];
  if ((text.match(/[*_~]/g)?.length ?? 0) > MARKS) return asTyped();
  try {
    return blocks(lexer(text, { gfm: true, breaks: true }), 0);
  } catch {
    return asTyped();
  }
}

/** Trees that are kept: what is on the screen, which is drawn again with every event. The oldest give way. */
const KEPT = 500;
const kept = new Map<string, Block[]>();

/** The tree of a chat message. Never throws: text that the lexer can't take is a paragraph of itself. */
export function parse(text: string): Block[] {
  let tree = kept.get(text);
  if (!tree) {
    tree = parseAnew(text);
    kept.set(text, tree);
    const oldest = kept.size > KEPT ? kept.keys().next() : null;
    if (oldest && !oldest.done) kept.delete(oldest.value);
  }
  return tree;
}

/** What somebody reads of a chat message, without its marks: for hits, quotes and voices. */
export function plain(text: string): string {
  return plainBlocks(parse(text));
}
