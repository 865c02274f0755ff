import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  metricsServer,
  PrometheusMeter,
} from '../../../../packages/server/src/sweep/metrics/prometheus.ts';

const states = { waiting: 4, delayed: 1, active: 2, failed: 0 };

describe('what Prometheus reads', () => {
  it('counts verdicts, bytes, reasons and answers', async () => {
    const meter = new PrometheusMeter({ states: () => Promise.resolve(states) });
    meter.inspected('accept', 1000, 0.01);
    meter.inspected('reject', 500, 3);
    meter.notInspected('integrity');
    meter.stalled();
    for (const status of [200, 200, 503, undefined]) meter.answered(status);
    const lines = (await meter.text()).split('\n');
    for (const line of [
      'tarwarden_sweep_inspected_total{result="accept"} 1',
      'tarwarden_sweep_inspected_total{result="reject"} 1',
      'tarwarden_sweep_inspected_bytes_total 1500',
      'tarwarden_sweep_inspect_seconds_bucket{le="0.02"} 1',
      'tarwarden_sweep_inspect_seconds_count 2',
      'tarwarden_sweep_not_inspected_total{reason="integrity"} 1',
      'tarwarden_sweep_stalled_tasks_total 1',
      'tarwarden_sweep_upstream_requests_total{status="200"} 2',
      'tarwarden_sweep_upstream_requests_total{status="none"} 1',
      'tarwarden_sweep_queue_tasks{state="waiting"} 4',
      'tarwarden_sweep_queue_up 1',
    ])
      expect(lines).toContain(line);
  });

  it('has an end, though a registry answers with each status that there is', async () => {
    const meter = new PrometheusMeter({ states: () => Promise.resolve(states) });
    for (let status = 100; status < 1000; status += 1) meter.answered(status);
    const lines = (await meter.text()).split('\n');
    const labels = lines.filter((line) => line.startsWith('tarwarden_sweep_upstream'));
    expect(labels.length).toBeLessThan(30);
    expect(labels).toContain('tarwarden_sweep_upstream_requests_total{status="4xx"} 92');
  });

  it('does not repeat what a queue said that is away now', async () => {
    let isAway = false;
    const meter = new PrometheusMeter({
      states: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(states)),
    });
    expect(await meter.text()).toContain('state="waiting"} 4');
    isAway = true;
    const later = await meter.text();
    expect(later).toContain('tarwarden_sweep_queue_up 0');
    expect(later).not.toContain('state="waiting"} 4');
  });
});

describe('its server', () => {
  const meter = { contentType: 'text/plain', text: () => Promise.resolve('numbers') };
  const server = { own: metricsServer(meter, true), open: metricsServer(meter, false) };
  beforeEach(async () => {
    for (const one of Object.values(server)) {
      one.listen(0, '127.0.0.1');
      await once(one, 'listening');
    }
  });
  afterEach(() => {
    for (const one of Object.values(server)) one.close().closeAllConnections();
  });

  async function ask(
    which: keyof typeof server,
    { path = '/metrics', method = 'GET', host = 'localhost' } = {},
  ): Promise<[number | undefined, string]> {
    const { port } = server[which].address() as AddressInfo;
    const asked = request({ port, host: '127.0.0.1', path, method, headers: { host } }).end();
    const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
    return [answer.statusCode, await text(answer)];
  }

  it('has one page, for this machine', async () => {
    expect(await ask('own')).toEqual([200, 'numbers']);
    expect(await ask('own', { path: '/' })).toEqual([404, '']);
    expect(await ask('own', { method: 'POST' })).toEqual([404, '']);
    expect(await ask('own', { host: 'evil.example' })).toEqual([421, '']);
  });

  it('is asked by any name where it is not for this machine alone', async () => {
    expect(await ask('open', { host: 'metrics.example' })).toEqual([200, 'numbers']);
  });
});
