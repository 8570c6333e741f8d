/** How this browser likes things: kept here, never on the box. */
import { effect, signal } from '@preact/signals-core';
import { preferred, setLanguage, type Language } from '../../i18n';
import type { Preferences } from '../../platform/types';

export type Theme = 'system' | 'light' | 'dark';
export type Announce = 'all' | 'mentions' | 'none';

const CHOICES = {
  theme: ['system', 'light', 'dark'],
  density: ['comfortable', 'compact'],
  size: ['90', '100', '110', '120', '130'],
  motion: ['system', 'reduce'],
  announce: ['all', 'mentions', 'none'],
  enter: ['send', 'newline'],
} as const;

type Choices = typeof CHOICES;
type Key = keyof Choices;

export type PreferenceStore = ReturnType<typeof createPreferences>;

interface Options {
  preferences: Preferences;
  languages: readonly string[];
  /** Sets attributes of the root that the style sheets look at. */
  setRoot(attributes: Record<string, string | null>): void;
}

export function createPreferences({ preferences, languages, setRoot }: Options) {
  const defaults: { [K in Key]: Choices[K][number] } = {
    theme: 'system', density: 'comfortable', size: '100', motion: 'system', announce: 'all', enter: 'send',
  };
  function stored<K extends Key>(key: K) {
    const saved = preferences.read(key);
    const known = (CHOICES[key] as readonly string[]).includes(saved ?? '');
    return signal((known ? saved : defaults[key]) as Choices[K][number]);
  }
  const values = {
    theme: stored('theme'), density: stored('density'), size: stored('size'), motion: stored('motion'),
    announce: stored('announce'), enter: stored('enter'),
  };
  const chosenLanguage = signal<Language>(
    (['en', 'fr'] as const).find((one) => one === preferences.read('language')) ?? preferred(languages),
  );

  effect(() => {
    setRoot({
      'data-theme': values.theme.value === 'system' ? null : values.theme.value,
      'data-density': values.density.value,
      'data-size': values.size.value,
      'data-motion': values.motion.value,
    });
  });
  effect(() => {
    setRoot({ lang: chosenLanguage.value });
    void setLanguage(chosenLanguage.value, languages);
  });

  return {
    values,
    language: chosenLanguage,
    set<K extends Key>(key: K, value: Choices[K][number]) {
      (values[key] as { value: string }).value = value;
      preferences.write(key, value);
    },
    setLanguage(next: Language) {
      chosenLanguage.value = next;
      preferences.write('language', next);
    },
  };
}
