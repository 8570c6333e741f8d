import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { wordsOf } from '../../app/wordsOf';
import { format, t } from '../../i18n';
import { p } from '../../i18n/pages';
import { onLink, takeClaimCode } from '../../platform/page';
import { CLAIM_CODE_CHARS, NAME_CHARS, PASSWORD_MIN_CHARS, USER_NAME_BYTES } from '../../protocol/generated/limit';
import { isRefused, Refused } from '../../protocol/rest';
import { Button } from '../../ui/Button';
import { ErrorLine, PasswordField, TextField } from '../../ui/Field';
import { Lone } from '../../ui/Lone';
import { Steps } from '../../ui/Notice';
import { useCountdown } from '../session/SignIn';
import { PeopleStep } from './PeopleStep';
import { TrustStep } from './TrustStep';

const STEPS = 4;

function CodeStep({ onDone }: { onDone(): void }) {
  const { rest, session } = useServices();
  const [code, setCode] = useState(takeClaimCode);
  const [error, setError] = useState<string | null>(null);
  const [wait, setWait] = useCountdown();
  const text = p.value.welcome;
  const submit = async (typed = code) => {
    setError(null);
    try {
      await rest.claim(typed);
      onDone();
    } catch (failure) {
      if (failure instanceof Refused && failure.retryAfter !== undefined) setWait(failure.retryAfter);
      const left = isRefused(failure) ? failure.triesLeft : undefined;
      setError(left === undefined ? wordsOf(failure) : `${wordsOf(failure)} ${text.triesLeft(left)}`);
    }
  };
  useEffect(() => {
    if (code !== '') void submit();
    return onLink(() => {
      const linked = takeClaimCode();
      if (linked === '') return;
      setCode(linked);
      void submit(linked);
    });
  }, []);
  const since = session.status.value?.claimSince;
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <p class="soft">{text.codeText}</p>
      {since !== undefined && <p class="soft">{text.takenOver(format.time(since))}</p>}
      <TextField class="code-input" label={text.code} value={code} onValue={setCode} help={text.codeHelp} autocomplete="one-time-code" autocapitalize="characters" spellcheck={false} maxLength={12} autofocus />
      <ErrorLine text={wait > 0 ? p.value.session.waitFor(wait) : error} />
      <Button look="primary" type="submit" disabled={wait > 0 || code.replace(/[\s-]/g, '').length < CLAIM_CODE_CHARS}>{text.next}</Button>
    </form>
  );
}

function OwnerStep({ onBack }: { onBack(): void }) {
  const { rest, session } = useServices();
  const [values, setValues] = useState({ team: '', name: '', userName: '', password: '' });
  const [error, setError] = useState<unknown>(null);
  const text = p.value.welcome;
  const set = (key: keyof typeof values) => (value: string) => setValues((old) => ({ ...old, [key]: value }));
  const field = isRefused(error) ? error.field : undefined;
  const fault = (key: keyof typeof values) => (field === key ? p.value.fields[key] : undefined);
  const submit = async () => {
    setError(null);
    try {
      await session.signedIn(await rest.claimOwner(values));
    } catch (failure) {
      setError(failure);
      if (isRefused(failure) && failure.code === 'claim_code_wrong') onBack();
    }
  };
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <TextField label={text.team} value={values.team} onValue={set('team')} error={fault('team')} maxLength={NAME_CHARS} required autofocus autocomplete="organization" />
      <TextField label={text.yourName} value={values.name} onValue={set('name')} error={fault('name')} maxLength={NAME_CHARS} required autocomplete="name" />
      <TextField label={p.value.session.userName} value={values.userName} onValue={set('userName')} error={fault('userName')} help={text.userNameHelp} maxLength={USER_NAME_BYTES} required autocomplete="username" autocapitalize="none" spellcheck={false} />
      <PasswordField isNew label={p.value.session.password} value={values.password} onValue={set('password')} error={fault('password')} help={text.passwordHelp} required />
      <ErrorLine text={error !== null && field === undefined ? wordsOf(error) : null} />
      <div class="row">
        <Button look="primary" type="submit" disabled={Object.values(values).some((value) => value.trim() === '') || values.password.length < PASSWORD_MIN_CHARS}>{text.create}</Button>
        <Button look="quiet" onClick={onBack}>{t.value.app.back}</Button>
      </div>
    </form>
  );
}

/** The first run: code, owner, address and trust, people. The box remembers what is done. */
export function Welcome() {
  const { session, rooms, preferences } = useServices();
  const { route } = useLocation();
  const [coded, setCoded] = useState(false);
  const done = rooms.account.value?.setupDone ?? [];
  const isOwner = session.phase.value === 'signed_in';
  const step = !isOwner ? (coded ? 1 : 0) : done.includes('trust') ? (done.includes('people') ? STEPS : 3) : 2;
  const text = p.value.welcome;
  useEffect(() => {
    if (step === STEPS) route('/', true);
  }, [step]);
  const titles = [text.claimTitle, text.ownerTitle, text.trustTitle, text.peopleTitle];
  return (
    <Lone wide title={titles[step] ?? ''} onLanguage={preferences.setLanguage}>
      <Steps count={STEPS} current={step} label={text.step(Math.min(step + 1, STEPS), STEPS)} />
      {step === 0 && <CodeStep onDone={() => setCoded(true)} />}
      {step === 1 && <OwnerStep onBack={() => setCoded(false)} />}
      {step === 2 && <TrustStep />}
      {step === 3 && <PeopleStep />}
    </Lone>
  );
}
