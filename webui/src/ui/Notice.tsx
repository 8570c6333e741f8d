import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n';
import { copyText } from '../platform/page';
import { announce } from './announce';
import { Button, IconButton } from './Button';
import { Icon } from './Icon';
import type { IconName } from './iconNames';

interface EmptyProps {
  icon: IconName;
  text: string;
  children?: ComponentChildren;
}

export function EmptyState({ icon, text, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{text}</p>
      {children}
    </div>
  );
}

export function ErrorState({ text, onRetry }: { text: string; onRetry(): unknown }) {
  return (
    <div class="empty" role="alert">
      <Icon name="circle-alert" />
      <p>{text}</p>
      <Button icon="refresh-cw" onClick={onRetry}>{t.value.ui.retry}</Button>
    </div>
  );
}

const WIDTHS = [72, 54, 88, 40, 66, 80, 48, 60];

/** The shape of what is coming; shown only when it takes a moment. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} ref={(bar) => { if (bar) bar.style.width = `${WIDTHS[index % WIDTHS.length]}%`; }} />
      ))}
    </div>
  );
}

interface BannerProps {
  look?: 'normal' | 'warn' | 'danger';
  icon: IconName;
  children: ComponentChildren;
}

export function Banner({ look = 'normal', icon, children }: BannerProps) {
  return (
    <div class={`banner ${look}`} role="status">
      <Icon name={icon} />
      {children}
    </div>
  );
}

export function CopyField({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(text))) return;
    setCopied(true);
    announce(t.value.ui.copied);
  };
  return (
    <div class="copy-field">
      <output aria-label={label} translate={false}>{text}</output>
      <IconButton small icon={copied ? 'check' : 'copy'} label={copied ? t.value.ui.copied : t.value.ui.copy} onClick={copy} />
    </div>
  );
}

export function Steps({ count, current, label }: { count: number; current: number; label: string }) {
  return (
    <ol class="steps" aria-label={label}>
      {Array.from({ length: count }, (_, index) => (
        <li key={index} class={index < current ? 'done' : ''} aria-current={index === current ? 'step' : undefined}>
          <span class="visually-hidden">{index + 1}</span>
        </li>
      ))}
    </ol>
  );
}
