import { useEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  tabs: { href: string; text: string; current: boolean }[];
}

/** Links between the pages of one place; where they don't fit side by side the current one is scrolled into view. */
export function Tabs({ label, tabs }: Props) {
  const strip = useRef<HTMLElement>(null);
  const current = tabs.find((tab) => tab.current)?.href;
  useEffect(() => {
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <nav ref={strip} class="tabs" aria-label={label}>
      {tabs.map(({ href, text, current: isCurrent }) => <a key={href} href={href} aria-current={isCurrent ? 'page' : undefined}>{text}</a>)}
    </nav>
  );
}
