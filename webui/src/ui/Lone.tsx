import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { language, t } from '../i18n';

interface Props {
  title: string;
  wide?: boolean;
  onLanguage(next: 'en' | 'fr'): void;
  children: ComponentChildren;
}

/** A screen of its own: one decision, the language in the footer. */
export function Lone({ title, wide, onLanguage, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [title]);
  const other = language.value === 'en' ? 'fr' : 'en';
  return (
    <main class="lone">
      <div class={`lone-card ${wide ? 'wide' : ''}`}>
        <p class="brand"><img src="/icon.svg" alt="" />Mesh</p>
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        {children}
        <footer class="lone-foot faint">
          <span>{t.value.app.tagline}</span>
          <button type="button" class="button quiet small" lang={other} onClick={() => onLanguage(other)}>{other === 'fr' ? 'Français' : 'English'}</button>
        </footer>
      </div>
    </main>
  );
}
