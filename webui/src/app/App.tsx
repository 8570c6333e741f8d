import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n';
import { polite, urgent } from '../ui/announce';
import { EmptyState, ErrorState, Skeleton } from '../ui/Notice';
import { Lone } from '../ui/Lone';
import { ToastRegion } from '../ui/ToastRegion';
import { ServicesProvider, useServices } from './context';
import { later } from './later';
import { NotFound } from './NotFound';
import { PaletteHost } from './PaletteHost';
import { RoomScreen } from './RoomScreen';
import type { Services } from './services';
import { Page, Shell } from './Shell';

const SignIn = later(() => import('../features/session/SignIn').then((module) => module.SignIn));
const ConfirmPassword = later(() => import('../features/session/SessionDialogs').then((module) => module.ConfirmPassword));
const ConfirmLeave = later(() => import('../features/session/SessionDialogs').then((module) => module.ConfirmLeave));
const Recover = later(() => import('../features/session/Recover').then((module) => module.Recover));
const Welcome = later(() => import('../features/onboarding/Welcome').then((module) => module.Welcome));
const AcceptInvite = later(() => import('../features/onboarding/AcceptInvite').then((module) => module.AcceptInvite));
const Unsent = later(() => import('../features/chat/Unsent').then((module) => module.Unsent));
const Settings = later(() => import('../features/settings/Settings'));
const Admin = later(() => import('../features/admin/Admin'));

/** The last room, else the first, else a word on how to get one. */
function Home() {
  const { rooms, platform } = useServices();
  const { route } = useLocation();
  const isNarrow = innerWidth < 760;
  const last = platform.preferences.read('room');
  const room = rooms.mine.value.find((one) => one.id === last) ?? rooms.mine.value[0] ?? rooms.directs.value[0];
  useEffect(() => {
    if (room && !isNarrow) route(`/r/${room.id}`, true);
  }, [room?.id]);
  return <Page title={t.value.room.rooms}>{!room && <EmptyState icon="message-circle" text={t.value.room.none} />}</Page>;
}

function Remember() {
  const { platform } = useServices();
  const { path } = useLocation();
  const room = /^\/r\/([0-9a-z]{13})$/.exec(path)?.[1];
  useEffect(() => {
    if (room) platform.preferences.write('room', room);
  }, [room]);
  return null;
}

function SignedIn() {
  const { rooms, session } = useServices();
  const { path, route } = useLocation();
  const account = rooms.account.value;
  const needsSetup = account?.user.role === 'owner' && account.setupDone.length < 2 && path === '/';
  useEffect(() => {
    if (needsSetup) route('/welcome', true);
  }, [needsSetup]);
  return (
    <>
      <Shell>
        <Router>
          <Route path="/" component={Home} />
          <Route path="/r/:room" component={RoomScreen} />
          <Route path="/unsent" component={Unsent} />
          <Route path="/settings/:tab?" component={Settings} />
          <Route path="/admin/:tab?" component={Admin} />
          <Route default component={NotFound} />
        </Router>
      </Shell>
      <PaletteHost />
      {session.confirming.value && <ConfirmPassword />}
      <Remember />
    </>
  );
}

function Screens() {
  const { session, preferences, start } = useServices();
  const { path } = useLocation();
  const phase = session.phase.value;
  if (path.startsWith('/i/')) {
    return (
      <Router>
        <Route path="/i/:token" component={AcceptInvite} />
        <Route default component={NotFound} />
      </Router>
    );
  }
  if (phase === 'starting') return <Skeleton />;
  if (phase === 'unreachable') {
    return <Lone title={t.value.link.unreachable} onLanguage={preferences.setLanguage}><ErrorState text={t.value.link.unreachableText} onRetry={start} /></Lone>;
  }
  if (path === '/recover') return <Recover />;
  if (phase === 'unclaimed' || (phase === 'signed_in' && path === '/welcome')) return <Welcome />;
  if (phase === 'signed_out') return <SignIn />;
  return <SignedIn />;
}

export function App({ services }: { services: Services }) {
  return (
    <ServicesProvider value={services}>
      <LocationProvider>
        <ErrorBoundary>
          <Screens />
          {services.leaving.value && <ConfirmLeave />}
        </ErrorBoundary>
      </LocationProvider>
      <ToastRegion toasts={services.toasts} />
      <p class="visually-hidden" role="status" aria-live="polite">{polite.value}</p>
      <p class="visually-hidden" role="alert">{urgent.value}</p>
    </ServicesProvider>
  );
}
