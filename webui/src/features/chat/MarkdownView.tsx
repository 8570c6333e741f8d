import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import { copyText } from '../../platform/page';
import { announce } from '../../ui/announce';
import { IconButton } from '../../ui/Button';
import { parse, type Block, type Inline } from './markdown';

interface Names {
  /** The display name of a user name that may be mentioned here; null when it is nobody's. */
  nameOf(userName: string): string | null;
  me: string;
}

function Inlines({ nodes, names }: { nodes: Inline[]; names: Names }): ComponentChildren {
  return nodes.map((node, index) => <InlineView key={index} node={node} names={names} />);
}

function InlineView({ node, names }: { node: Inline; names: Names }): ComponentChildren {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'strong':
      return <strong><Inlines nodes={node.children} names={names} /></strong>;
    case 'em':
      return <em><Inlines nodes={node.children} names={names} /></em>;
    case 'del':
      return <del><Inlines nodes={node.children} names={names} /></del>;
    case 'code':
      return <code translate={false}>{node.text}</code>;
    case 'break':
      return <br />;
    case 'mention': {
      const name = node.name.toLowerCase() === 'everyone' ? t.value.chat.everyone : names.nameOf(node.name);
      if (name === null) return `@${node.name}`;
      return <span class={`mention ${node.name.toLowerCase() === names.me ? 'me' : ''}`}>@{name}</span>;
    }
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noreferrer noopener" title={node.href}>
          <Inlines nodes={node.children} names={names} />
        </a>
      );
  }
}

function CodeBlock({ text, language }: { text: string; language: string }) {
  const copy = async () => {
    if (await copyText(text)) announce(t.value.ui.copied);
  };
  return (
    <figure class="code-block" translate={false}>
      <figcaption>
        <span>{language}</span>
        <IconButton small icon="copy" label={t.value.chat.copyCode} onClick={copy} />
      </figcaption>
      <pre tabIndex={0} aria-label={t.value.chat.code}><code>{text}</code></pre>
    </figure>
  );
}

function BlockView({ block, names }: { block: Block; names: Names }): ComponentChildren {
  switch (block.type) {
    case 'paragraph':
      return <p><Inlines nodes={block.children} names={names} /></p>;
    case 'heading':
      return <p class="heading"><Inlines nodes={block.children} names={names} /></p>;
    case 'code':
      return <CodeBlock text={block.text} language={block.language} />;
    case 'quote':
      return <blockquote><Blocks blocks={block.children} names={names} /></blockquote>;
    case 'rule':
      return <hr />;
    case 'list': {
      const items = block.items.map((item, index) => <li key={index}><Blocks blocks={item} names={names} /></li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function Blocks({ blocks, names }: { blocks: Block[]; names: Names }): ComponentChildren {
  return blocks.map((block, index) => <BlockView key={index} block={block} names={names} />);
}

export function MarkdownView({ text, names }: { text: string; names: Names }) {
  return <div class="markdown"><Blocks blocks={parse(text)} names={names} /></div>;
}
