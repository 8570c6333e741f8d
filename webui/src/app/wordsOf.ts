/** What went wrong, in the reader's words. */
import { t } from '../i18n';
import { isRefused } from '../protocol/rest';

export function wordsOf(error: unknown): string {
  return t.value.errors[isRefused(error) ? error.code : 'internal'];
}
