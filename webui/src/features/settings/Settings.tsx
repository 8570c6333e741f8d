import { useLocation, useRoute } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { wordsOf } from '../../app/wordsOf';
import { Page } from '../../app/Shell';
import { language, t } from '../../i18n';
import { p } from '../../i18n/pages';
import { copyText } from '../../platform/page';
import { NAME_CHARS } from '../../protocol/generated/limit';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { Choice, ErrorLine, SelectField, TextField } from '../../ui/Field';
import { Avatar } from '../../ui/Person';
import { Tabs } from '../../ui/Tabs';
import { Security } from './Security';
import { ShortcutSettings } from './ShortcutSettings';

const TABS = ['profile', 'security', 'appearance', 'accessibility', 'shortcuts', 'about'] as const;

function Profile() {
  const { rooms, rest } = useServices();
  const me = rooms.account.value?.user;
  const [name, setName] = useState(me?.name ?? '');
  const [error, setError] = useState<string | null>(null);
  const words = p.value.settings;
  const save = async (change: { name?: string; color?: number }) => {
    setError(null);
    try {
      rooms.setAccount(await rest.changeAccount(change));
      announce(words.saved);
    } catch (failure) {
      setError(wordsOf(failure));
    }
  };
  return (
    <div class="stack">
      <div class="row"><Avatar size="large" user={me} /><span class="soft">@{me?.userName} · {t.value.roles[me?.role ?? 'member']}</span></div>
      <form class="row" onSubmit={(event) => { event.preventDefault(); void save({ name }); }}>
        <div class="grow"><TextField label={p.value.welcome.yourName} value={name} onValue={setName} maxLength={NAME_CHARS} autocomplete="name" /></div>
      </form>
      <div class="row"><Button look="primary" disabled={name.trim() === '' || name === me?.name} onClick={() => save({ name })}>{t.value.ui.save}</Button></div>
      <fieldset class="plain">
        <legend class="legend">{words.color}</legend>
        <div class="row colors">
          {Array.from({ length: 8 }, (_, color) => (
            <button key={color} type="button" class={`color person-${color}`} aria-label={words.colors[color]} aria-pressed={me?.color === color} onClick={() => save({ color })} />
          ))}
        </div>
      </fieldset>
      <ErrorLine text={error} />
    </div>
  );
}

function Appearance() {
  const { preferences } = useServices();
  const { values, set } = preferences;
  const words = p.value.settings;
  return (
    <div class="stack">
      <SelectField label={words.language} value={language.value} onValue={preferences.setLanguage} options={[{ value: 'en', label: 'English' }, { value: 'fr', label: 'Français' }]} />
      <SelectField label={words.theme} value={values.theme.value} onValue={(value) => set('theme', value)} options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: words.themes[value] }))} />
      <SelectField label={words.density} value={values.density.value} onValue={(value) => set('density', value)} options={(['comfortable', 'compact'] as const).map((value) => ({ value, label: words.densities[value] }))} />
      <SelectField label={words.textSize} value={values.size.value} onValue={(value) => set('size', value)} options={(['90', '100', '110', '120', '130'] as const).map((value) => ({ value, label: `${value} %` }))} />
      <SelectField label={words.enter} value={values.enter.value} onValue={(value) => set('enter', value)} options={(['send', 'newline'] as const).map((value) => ({ value, label: words.enters[value] }))} />
    </div>
  );
}

function Accessibility() {
  const { preferences } = useServices();
  const { values, set } = preferences;
  const words = p.value.settings;
  return (
    <div class="stack">
      <SelectField label={words.announce} help={words.announceHelp} value={values.announce.value} onValue={(value) => set('announce', value)} options={(['all', 'mentions', 'none'] as const).map((value) => ({ value, label: words.announces[value] }))} />
      <Choice type="switch" label={words.motion} help={words.motionHelp} checked={values.motion.value === 'reduce'} onChecked={(on) => set('motion', on ? 'reduce' : 'system')} />
    </div>
  );
}

function About() {
  const { rooms, connection, platform, session } = useServices();
  const words = p.value.settings;
  const trip = connection.roundTrip.value;
  const facts: [string, string][] = [
    [words.version, session.status.value?.version ?? __VERSION__],
    [words.team, rooms.team.value],
    [words.link, connection.state.value.link === 'online' ? words.linkOnline(trip) : words.linkAway],
  ];
  const report = () => copyText([...facts.map(([name, value]) => `${name}: ${value}`), platform.languages().join(', ')].join('\n'));
  return (
    <div class="stack">
      <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <p class="soft">{words.licence}</p>
      <div class="row"><Button icon="copy" onClick={async () => { if (await report()) announce(t.value.ui.copied); }}>{words.copyDiagnostics}</Button></div>
    </div>
  );
}

export default function Settings() {
  const { params } = useRoute();
  const { path } = useLocation();
  const words = p.value.settings;
  const tab = TABS.find((one) => one === params.tab) ?? 'profile';
  const bodies: Record<(typeof TABS)[number], () => ComponentChildren> = {
    profile: () => <Profile />, security: () => <Security />, appearance: () => <Appearance />, accessibility: () => <Accessibility />,
    shortcuts: () => <ShortcutSettings />, about: () => <About />,
  };
  return (
    <Page title={t.value.app.settings} back>
      <Tabs label={t.value.app.settings} tabs={TABS.map((one) => ({ href: `/settings/${one}`, text: words[one], current: path === `/settings/${one}` }))} />
      <div class="scroll" role="region" tabIndex={0} aria-label={words[tab]}><div class="narrow"><h2>{words[tab]}</h2>{bodies[tab]()}</div></div>
    </Page>
  );
}
