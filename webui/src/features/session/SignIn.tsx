import { useEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { wordsOf } from '../../app/wordsOf';
import { p } from '../../i18n/pages';
import { isRefused } from '../../protocol/rest';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorLine, PasswordField, TextField } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Lone } from '../../ui/Lone';
import { CopyField } from '../../ui/Notice';

/** Seconds until another try makes sense, counted down. */
export function useCountdown(): [number, (seconds: number) => void] {
  const { platform } = useServices();
  const [left, setLeft] = useState(0);
  useEffect(() => (left > 0 ? platform.clock.after(1_000, () => setLeft(left - 1)) : undefined), [left]);
  return [left, setLeft];
}

/** Why one has to sign in again, and what waits for it. */
function Ended() {
  const { chat, keeper } = useServices();
  const waiting = chat.outbox.pending.value.length;
  const who = keeper.last.value;
  return (
    <div class="stack tight">
      <p class="soft">{p.value.session.endedText}</p>
      {who && waiting + chat.draftCount() > 0 && <p class="note" role="status"><Icon name="clock" />{p.value.session.kept(waiting, who.userName)}</p>}
    </div>
  );
}

export function SignIn() {
  const { session, preferences, keeper } = useServices();
  const wasEnded = session.wasEnded.value;
  const [userName, setUserName] = useState(wasEnded ? (keeper.last.peek()?.userName ?? '') : '');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [forgotten, setForgotten] = useState(false);
  const [wait, setWait] = useCountdown();
  const words = p.value.session;
  const submit = async (event: Event) => {
    event.preventDefault();
    setError(null);
    try {
      await session.signIn(userName, password);
    } catch (failure) {
      if (isRefused(failure) && failure.retryAfter !== undefined) setWait(failure.retryAfter);
      setError(wordsOf(failure));
    }
  };
  const team = session.status.value?.team;
  return (
    <Lone title={wasEnded ? words.ended : team ? words.signInTo(team) : words.signIn} onLanguage={preferences.setLanguage}>
      {wasEnded && <Ended />}
      <form class="stack" onSubmit={submit}>
        <TextField label={words.userName} value={userName} onValue={setUserName} autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />
        <PasswordField label={words.password} value={password} onValue={setPassword} required />
        <ErrorLine text={wait > 0 ? words.waitFor(wait) : error} />
        <div class="row">
          <Button look="primary" type="submit" disabled={wait > 0 || userName === '' || password === ''}>{words.signIn}</Button>
          <Button look="quiet" onClick={() => setForgotten(true)}>{words.forgotten}</Button>
        </div>
      </form>
      {forgotten && (
        <Dialog title={words.forgotten} onClose={() => setForgotten(false)} foot={<a class="button" href="/recover">{words.haveCode}</a>}>
          <p class="soft">{words.forgottenText}</p>
          <p class="soft">{words.forgottenOwner}</p>
          <CopyField text="mesh-appliance recovery-code" label={words.command} />
        </Dialog>
      )}
    </Lone>
  );
}
