/** Small things that views need of the page. */

/** Copies text; false when the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The address of this box, with a path. */
export function addressOf(path: string): string {
  return `${location.origin}${path}`;
}

/** Where this page is. */
export function place(): { hostname: string; port: string } {
  return { hostname: location.hostname, port: location.port };
}

/** The claim code that a link brought, taken out of the address bar. */
export function takeClaimCode(): string {
  const code = /^#code=([0-9A-Za-z-]+)$/.exec(location.hash)?.[1] ?? '';
  if (code !== '') history.replaceState(null, '', location.pathname);
  return code;
}

/** The recovery code that a link brought, taken out of the address bar. */
export function takeRecoveryCode(): string {
  const code = /^#([0-9A-Za-z-]+)$/.exec(location.hash)?.[1] ?? '';
  if (code !== '') history.replaceState(null, '', location.pathname);
  return code;
}

/** A link with a code was opened while the page was there already. */
export function onLink(run: () => void): () => void {
  addEventListener('hashchange', run);
  return () => removeEventListener('hashchange', run);
}

/** Milliseconds between two reloads because of a missing part: one that stays missing must not reload for ever. */
const RELOAD_EVERY = 60_000;

/**
 * A part of the program could not be loaded. A box that answers has another version of it, which a reload brings; else
 * `away` is told.
 */
export function onMissingPart(away: () => void): void {
  addEventListener('vite:preloadError', () => {
    void fetch('/api/v1/status').then(() => {
      const last = Number(sessionStorage.getItem('mesh.reloaded'));
      if (Date.now() - last < RELOAD_EVERY) return away();
      sessionStorage.setItem('mesh.reloaded', String(Date.now()));
      location.reload();
    }).catch(away);
  });
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** Sets attributes of the root that the style sheets look at. */
export function setRoot(attributes: Record<string, string | null>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) document.documentElement.removeAttribute(name);
    else document.documentElement.setAttribute(name, value);
  }
}

export function onKey(hear: (event: KeyboardEvent) => void): () => void {
  addEventListener('keydown', hear);
  return () => removeEventListener('keydown', hear);
}

/** Hears keys before anything else does: while new ones are chosen. */
export function captureKeys(hear: (event: KeyboardEvent) => void): () => void {
  addEventListener('keydown', hear, { capture: true });
  return () => removeEventListener('keydown', hear, { capture: true });
}

/** Whether somebody is typing into something. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Moves the focus to the next (1) or previous (-1) region of the page. */
export function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => region.checkVisibility({ visibilityProperty: true }),
  );
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  // From outside all regions, backwards means the last one.
  const from = current === -1 && step === -1 ? 0 : current;
  const next = regions[(from + step + regions.length) % regions.length];
  const can = [...(next?.querySelectorAll<HTMLElement>('textarea, a[href], button:not([disabled]), [tabindex="0"]') ?? [])];
  const visible = can.filter((element) => element.checkVisibility({ visibilityProperty: true }));
  // Where one writes is what a region with a composer is for.
  (visible.find((element) => element.tagName === 'TEXTAREA') ?? visible[0] ?? next)?.focus();
}

/** Whether something is on the page and not hidden there. */
export function isShown(id: string): boolean {
  return document.getElementById(id)?.checkVisibility({ visibilityProperty: true }) ?? false;
}

/** Moves the focus to something that may come a moment later: a panel that is being loaded. */
export function focusSoon(id: string, frames = 90): void {
  const element = document.getElementById(id);
  if (element) element.focus();
  else if (frames > 0) requestAnimationFrame(() => focusSoon(id, frames - 1));
}
