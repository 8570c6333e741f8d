import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { wordsOf } from '../../app/wordsOf';
import { format, t } from '../../i18n';
import { p } from '../../i18n/pages';
import type { InviteView } from '../../protocol/generated/InviteView';
import { NAME_CHARS, PASSWORD_MIN_CHARS, USER_NAME_BYTES } from '../../protocol/generated/limit';
import { isRefused } from '../../protocol/rest';
import { Button } from '../../ui/Button';
import { ErrorLine, PasswordField, TextField } from '../../ui/Field';
import { Lone } from '../../ui/Lone';
import { EmptyState, ErrorState, Skeleton } from '../../ui/Notice';

type Fields = 'name' | 'userName' | 'password';

function useFree(userName: string, token: string, isReset: boolean): boolean | null {
  const { rest, platform } = useServices();
  const [free, setFree] = useState<boolean | null>(null);
  useEffect(() => {
    setFree(null);
    if (userName.trim() === '' || isReset) return;
    return platform.clock.after(300, () => void rest.userName(userName.trim(), token).then((answer) => setFree(answer.free), () => undefined));
  }, [userName]);
  return free;
}

function JoinForm({ view, token }: { view: InviteView; token: string }) {
  const { rest, session } = useServices();
  const { route } = useLocation();
  const isReset = view.kind === 'reset';
  const isGuest = view.role === 'guest' && !isReset;
  const [values, setValues] = useState({ name: view.name, userName: view.userName ?? '', password: '' });
  const [error, setError] = useState<unknown>(null);
  const free = useFree(values.userName, token, isReset);
  const text = p.value.join;
  const set = (key: Fields) => (value: string) => setValues((old) => ({ ...old, [key]: value }));
  const field = isRefused(error) ? error.field : undefined;
  const fault = (key: Fields) => (field === key ? p.value.fields[key] : undefined);
  const taken = free === false ? text.taken : undefined;
  const submit = async () => {
    setError(null);
    try {
      const account = await rest.acceptInvite(token, values);
      await session.signedIn(account);
      route('/', true);
    } catch (failure) {
      setError(failure);
    }
  };
  const ready = isReset || (values.name.trim() !== '' && values.userName.trim() !== '');
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      {!isReset && (
        <>
          <TextField label={p.value.welcome.yourName} value={values.name} onValue={set('name')} error={fault('name')} maxLength={NAME_CHARS} required autocomplete="name" />
          <TextField label={p.value.session.userName} value={values.userName} onValue={set('userName')} error={fault('userName') ?? taken} help={free === true ? text.free : p.value.welcome.userNameHelp} maxLength={USER_NAME_BYTES} required autocomplete="username" autocapitalize="none" spellcheck={false} />
        </>
      )}
      {!isGuest && <PasswordField isNew label={isReset ? text.newPassword : p.value.session.password} value={values.password} onValue={set('password')} error={fault('password')} help={p.value.welcome.passwordHelp} required />}
      <ErrorLine text={error !== null && field === undefined ? wordsOf(error) : null} />
      <Button look="primary" type="submit" disabled={!ready || (!isGuest && values.password.length < PASSWORD_MIN_CHARS)}>{isReset ? text.setPassword : text.join}</Button>
    </form>
  );
}

/** What a person sees who follows an invite. */
export function AcceptInvite() {
  const { rest, session, signOut, rooms, preferences } = useServices();
  const { params } = useRoute();
  const token = params.token ?? '';
  const [view, setView] = useState<InviteView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const text = p.value.join;
  const load = () => {
    setError(null);
    rest.invite(token).then(setView, setError);
  };
  useEffect(load, [token]);
  const title = view ? (view.kind === 'reset' ? text.resetTitle : text.title(view.invitedBy)) : text.loading;
  const isKnown = isRefused(error) && error.code !== 'unreachable';
  const me = session.phase.value === 'signed_in' ? rooms.account.value?.user : undefined;
  return (
    <Lone title={title} onLanguage={preferences.setLanguage}>
      {error !== null && !isKnown && <ErrorState text={t.value.errors.unreachable} onRetry={load} />}
      {error !== null && isKnown && <EmptyState icon="link" text={text.unknown} />}
      {!view && error === null && <Skeleton lines={4} />}
      {view && view.state !== 'open' && <EmptyState icon="link" text={text.states[view.state](view.invitedBy)} />}
      {view?.state === 'open' && (
        <>
          <p class="soft">{view.kind === 'reset' ? text.resetText(view.userName ?? '') : text.text(view.team, t.value.roles[view.role], format.list(view.rooms))}</p>
          <p class="faint">{text.validUntil(format.full(view.expiresAt))}</p>
          {me ? (
            <div class="stack">
              <p class="soft">{text.signedInAs(me.name)}</p>
              <div class="row"><Button onClick={signOut}>{text.switchUser}</Button><a class="button" href="/">{t.value.app.toRooms}</a></div>
            </div>
          ) : (
            <JoinForm view={view} token={token} />
          )}
        </>
      )}
    </Lone>
  );
}
