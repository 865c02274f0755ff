/* `tarwarden-server approvals`, with a gateway that sends whatever a network makes of an answer. */
import { afterEach, expect, it, vi } from 'vitest';
import { approvalsCommand } from '../../../../packages/server/src/commands/approvals/run.ts';
import { listening } from '../gateway/support.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('exports each character whole, wherever the network cuts the history', async () => {
  const history = Buffer.from('{"reason":"caf\u00e9 \u{1f600}"}\n');
  const { server, address } = await listening((_, answer) => {
    void (async () => {
      for (const byte of history) {
        answer.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      answer.end();
    })();
  });
  vi.stubEnv('TARWARDEN_TOKEN', 'token');
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const code = await approvalsCommand({
    operands: ['export'],
    values: { server: address },
  } as unknown as Parameters<typeof approvalsCommand>[0]);
  vi.restoreAllMocks();
  server.close();
  expect([code, printed.join('')]).toEqual([0, history.toString('utf8')]);
});
