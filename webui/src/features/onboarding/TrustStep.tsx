import { useEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { later } from '../../app/later';
import { useAction } from '../../app/useAction';
import { format } from '../../i18n';
import { p } from '../../i18n/pages';
import { addressOf, place } from '../../platform/page';
import type { Trust } from '../../protocol/generated/Trust';
import { Button } from '../../ui/Button';
import { CopyField, ErrorState, Skeleton } from '../../ui/Notice';
import { phoneAddress } from './phoneAddress';

const Qr = later(() => import('../../ui/Qr'));

/** How people will open Mesh, honestly: also what a certificate that is not trusted means. */
export function TrustFacts() {
  const { rest } = useServices();
  const [trust, setTrust] = useState<Trust | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    rest.trust().then(setTrust, () => setFailed(true));
  };
  useEffect(load, []);
  const text = p.value.trust;
  if (failed) return <ErrorState text={text.failed} onRetry={load} />;
  if (!trust) return <Skeleton lines={4} />;
  const phone = phoneAddress(place(), trust);
  return (
    <div class="stack">
      <div class="card stack tight">
        <h2>{text.address}</h2>
        <p class="fingerprint">{addressOf('/')}</p>
        <p class="faint">{text.otherNames(trust.names.filter((name) => name !== 'localhost').join(', '))}</p>
      </div>
      <div class="card scan">
        <Qr text={phone} label={text.qr} />
        <div class="stack tight grow">
          <h2>{text.phone}</h2>
          <p class="soft">{phone.startsWith('http:') ? text.phonePlain : text.phoneSecure}</p>
          <CopyField text={phone} label={text.phone} />
        </div>
      </div>
      <div class="card stack tight">
        <h2>{trust.ownCertificate ? text.own : text.local}</h2>
        <p class="soft">{trust.ownCertificate ? text.ownText : text.localText}</p>
        {!trust.ownCertificate && <p><a class="button" href="/ca.crt" download>{text.download}</a></p>}
        <p class="faint">{text.fingerprint}</p>
        <p class="fingerprint" translate={false}>{trust.fingerprint}</p>
        <p class="faint">{text.validUntil(format.date(trust.expiresAt))}</p>
      </div>
      {!trust.ownCertificate && <p class="soft">{text.without}</p>}
    </div>
  );
}

export function TrustStep() {
  const { rest } = useServices();
  const run = useAction();
  return (
    <div class="stack">
      <TrustFacts />
      <Button look="primary" onClick={() => run(() => rest.setupDone('trust'))}>{p.value.welcome.next}</Button>
    </div>
  );
}
