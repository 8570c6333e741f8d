/** The browser as a platform. This folder is the only place that names browser APIs. */
import { openTable } from './table';
import type { Channel, Fetch, OpenSocket, Platform, Preferences } from './types';

const openSocket: OpenSocket = (events) => {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/ws`);
  socket.onopen = () => events.open();
  socket.onmessage = (event) => {
    if (typeof event.data === 'string') events.message(event.data);
  };
  socket.onclose = (event) => events.close(event.code);
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
};

const restFetch: Fetch = async (method, path, body) => {
  const response = await fetch(`/api/v1${path}`, {
    method,
    credentials: 'same-origin',
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  let parsed: unknown = null;
  try {
    parsed = text === '' ? null : JSON.parse(text);
  } catch {
    parsed = null;
  }
  return { status: response.status, body: parsed };
};

const preferences: Preferences = {
  read(key) {
    try {
      return localStorage.getItem(`mesh.${key}`);
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      if (value === null) localStorage.removeItem(`mesh.${key}`);
      else localStorage.setItem(`mesh.${key}`, value);
    } catch {
      // A browser that keeps nothing works all the same, until it is closed.
    }
  },
};

function openChannel(): Channel {
  const channel = new BroadcastChannel('mesh');
  return {
    post: (message) => channel.postMessage(message),
    listen(hear) {
      channel.addEventListener('message', (event) => hear(event.data));
    },
  };
}

interface Badged {
  setAppBadge?(count: number): Promise<void>;
}

/** Milliseconds between two reports of the page being used. */
const USE_EVERY = 5_000;

function isAttended(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

export function browserPlatform(): Platform {
  return {
    clock: {
      now: () => Date.now(),
      after(milliseconds, run) {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    openSocket,
    fetch: restFetch,
    preferences,
    table: openTable(),
    channel: openChannel(),
    uuid: () => crypto.randomUUID(),
    random: () => Math.random(),
    onWake(run) {
      addEventListener('online', run);
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') run();
      });
    },
    isAttended,
    onAttention(run) {
      const tell = () => run(isAttended());
      addEventListener('focus', tell);
      addEventListener('blur', tell);
      document.addEventListener('visibilitychange', tell);
      return () => {
        removeEventListener('focus', tell);
        removeEventListener('blur', tell);
        document.removeEventListener('visibilitychange', tell);
      };
    },
    onUse(run) {
      let told = 0;
      const use = () => {
        const now = Date.now();
        if (now - told < USE_EVERY) return;
        told = now;
        run();
      };
      for (const kind of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart', 'focus']) addEventListener(kind, use, { passive: true });
    },
    setTitle(title, badge) {
      document.title = title;
      (navigator as Badged).setAppBadge?.(badge).catch(() => undefined);
    },
    reload: () => location.reload(),
    languages: () => navigator.languages,
  };
}
