/** When the first room is painted on a slow network and a slow processor: 1.6 Mbit/s, 150 ms, 4 times slower. */
import { test } from '@playwright/test';
import { Box } from './box';
import { arrive, claim, open } from './team';

test('first paint under throttling', async ({ browser }) => {
  const box = new Box();
  await box.start();
  const alice = await arrive(browser, 'Alice');
  await claim(box, alice);
  await open(alice, 'general');
  const address = alice.page.url();
  const paints: number[] = [];
  let bytes = 0;
  for (let run = 0; run < 5; run += 1) {
    const page = await alice.context.newPage();
    const devtools = await alice.context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    bytes = 0;
    devtools.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
    await page.goto(address);
    await page.locator('#composer').waitFor();
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0));
    await page.close();
  }
  paints.sort((a, b) => a - b);
  console.log(`| first room on the wire | ${(bytes / 1024).toFixed(1)} KiB | – |`);
  console.log(`| first paint of a room, throttled, median of 5 | ${Math.round(paints[2] ?? 0)} ms | 2000 ms |`);
  await box.dispose();
});
