import { useEffect, useMemo, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { useAction } from '../../app/useAction';
import { wordsOf } from '../../app/wordsOf';
import { format, t } from '../../i18n';
import { p } from '../../i18n/pages';
import { PASSWORD_MIN_CHARS } from '../../protocol/generated/limit';
import { createResource } from '../../protocol/resource';
import { isRefused } from '../../protocol/rest';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { ErrorLine, PasswordField } from '../../ui/Field';
import { ErrorState, Skeleton } from '../../ui/Notice';

function Password() {
  const { rest } = useServices();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [error, setError] = useState<string | null>(null);
  const words = p.value.settings;
  const change = async () => {
    setError(null);
    try {
      await rest.changePassword({ current, new: next });
      setCurrent('');
      setNext('');
      announce(words.passwordChanged);
    } catch (failure) {
      setError(isRefused(failure) && failure.field === 'new' ? p.value.fields.password : wordsOf(failure));
    }
  };
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void change(); }}>
      <h3>{words.changePassword}</h3>
      <PasswordField label={words.currentPassword} value={current} onValue={setCurrent} />
      <PasswordField isNew label={words.newPassword} value={next} onValue={setNext} help={words.passwordEnds} />
      <ErrorLine text={error} />
      <div class="row"><Button look="primary" type="submit" disabled={current === '' || next.length < PASSWORD_MIN_CHARS}>{words.changePassword}</Button></div>
    </form>
  );
}

/** Password and the list of signed-in browsers. */
export function Security() {
  const { rest, platform } = useServices();
  const sessions = useMemo(() => createResource(rest.sessions), []);
  useEffect(() => void sessions.load(), []);
  const words = p.value.settings;
  const now = platform.clock.now();
  const run = useAction(sessions.load);
  const list = sessions.value.value;
  return (
    <div class="stack">
      <Password />
      <h3>{words.sessions}</h3>
      {sessions.failed.value && <ErrorState text={words.sessionsFailed} onRetry={sessions.load} />}
      {!list && !sessions.failed.value && <Skeleton lines={3} />}
      {list && (
        <>
          <table class="data-table">
            <thead><tr><th scope="col">{words.browser}</th><th scope="col">{words.address}</th><th scope="col">{words.lastUse}</th><th scope="col"><span class="visually-hidden">{words.actions}</span></th></tr></thead>
            <tbody>
              {list.map((session) => (
                <tr key={session.id}>
                  <td class="lead"><span>{session.browser || words.unknownBrowser} {session.current && <span class="tag ok">{words.thisOne}</span>}</span></td>
                  <td data-label={words.address}>{session.address}</td>
                  <td data-label={words.lastUse} title={format.full(session.lastSeen)}>{format.relative(session.lastSeen, now)}</td>
                  <td class="actions">{!session.current && <Button small onClick={() => run(() => rest.endSession(session.id))}>{t.value.app.signOut}</Button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {list.length > 1 && <div class="row"><Button icon="log-out" onClick={() => run(() => rest.endSessions(false))}>{words.signOutOthers}</Button></div>}
        </>
      )}
    </div>
  );
}
