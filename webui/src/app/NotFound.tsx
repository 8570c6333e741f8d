import { t } from '../i18n';
import { EmptyState } from '../ui/Notice';
import { Page } from './Shell';
import { useKeys } from './useKeys';

/** For an address that leads nowhere, or not for this person. */
export function NotFound() {
  const keysOf = useKeys();
  const words = t.value.app;
  return <Page title={words.notFound}><EmptyState icon="info" text={`${words.notFoundText} ${words.notFoundKeys(keysOf('palette'))}`}><a class="button" href="/">{words.toRooms}</a></EmptyState></Page>;
}
