import { useEffect, useState } from 'preact/hooks';
import { format, t } from '../i18n';
import { Button } from '../ui/Button';
import { Banner } from '../ui/Notice';
import { useServices } from './context';

/** Short failures stay silent. */
const PATIENCE = 3_000;
/** After this long without the box, it is no longer "reconnecting". */
const OFFLINE_AFTER = 60_000;
const SLOW = 1_000;

/** What people must know about the box: gone, slow, full, newer. One at a time, the worst first. */
export function Banners() {
  const { connection, platform, rooms } = useServices();
  const { link, since, wasOnline } = connection.state.value;
  const [, tick] = useState(0);
  const isAway = link === 'connecting' || link === 'restarting';
  useEffect(() => {
    if (!isAway) return;
    const stops = [PATIENCE, OFFLINE_AFTER].map((after) => platform.clock.after(after + 20, () => tick((n) => n + 1)));
    return () => stops.forEach((stop) => stop());
  }, [isAway, since]);
  const words = t.value.link;
  const away = platform.clock.now() - since;
  if (link === 'outdated') {
    return <Banner icon="refresh-cw" look="warn">{words.outdated} <Button small onClick={platform.reload}>{words.reload}</Button></Banner>;
  }
  if (isAway && away >= PATIENCE) {
    const retry = <Button small onClick={connection.retryNow}>{words.tryNow}</Button>;
    if (away >= OFFLINE_AFTER) return <Banner icon="cloud-off">{words.offline(format.time(since))} {retry}</Banner>;
    if (link === 'restarting') return <Banner icon="refresh-cw" look="warn">{words.restarting} {retry}</Banner>;
    return <Banner icon="wifi-off" look="warn">{wasOnline ? words.reconnecting : words.looking} {retry}</Banner>;
  }
  if (rooms.storage.value !== 'ok') {
    return <Banner icon="hard-drive" look="danger">{rooms.storage.value === 'full' ? words.diskFull : words.diskFailing}</Banner>;
  }
  const trip = connection.roundTrip.value;
  if (link === 'online' && trip !== null && trip > SLOW) return <Banner icon="clock" look="warn">{words.slow(trip)}</Banner>;
  return null;
}
