import { useLocation, useRoute } from 'preact-iso';
import { useServices } from '../../app/context';
import { NotFound } from '../../app/NotFound';
import { Page } from '../../app/Shell';
import { t } from '../../i18n';
import { p } from '../../i18n/pages';
import { Tabs } from '../../ui/Tabs';
import { TrustFacts } from '../onboarding/TrustStep';
import { InvitesTab } from './InvitesTab';
import { PeopleTab } from './PeopleTab';
import { RoomsTab } from './RoomsTab';

const TABS = ['people', 'invites', 'rooms', 'trust'] as const;

/** What owners run: people, invites, rooms, and how the box proves who it is. Others find nothing here. */
export default function Admin() {
  const { rooms } = useServices();
  const { params } = useRoute();
  const { path } = useLocation();
  const words = p.value.admin;
  const tab = TABS.find((one) => one === params.tab) ?? 'people';
  if (rooms.account.value?.user.role !== 'owner') return <NotFound />;
  const bodies = { people: () => <PeopleTab />, invites: () => <InvitesTab />, rooms: () => <RoomsTab />, trust: () => <TrustFacts /> };
  return (
    <Page title={t.value.app.admin} back>
      <Tabs label={t.value.app.admin} tabs={TABS.map((one) => ({ href: `/admin/${one}`, text: words[one], current: path === `/admin/${one}` }))} />
      <div class="scroll" role="region" tabIndex={0} aria-label={words[tab]}><div class="wide-page"><h2>{words[tab]}</h2>{bodies[tab]()}</div></div>
    </Page>
  );
}
