/* What a log says of an error: nothing that signs anybody in. */
import { expect, it } from 'vitest';
import { gatewayLog } from '../../../../packages/server/src/gateway/log.ts';

function logged(error: Error): string {
  const lines: string[] = [];
  gatewayLog('debug', { write: (line) => void lines.push(line) }).error({ err: error }, 'failed');
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

it('has message, stack and code of an error, and not the command that a client of Redis adds', () => {
  const command = { name: 'auth', args: ['default', 'hunter2'] };
  const error = Object.assign(new Error('WRONGPASS'), { code: 'EX', command });
  const line = logged(error);
  expect(JSON.parse(line)).toMatchObject({
    msg: 'failed',
    err: { type: 'Error', message: 'WRONGPASS', code: 'EX' },
  });
  expect(line).toContain('log.test.ts');
  expect(line).not.toContain('hunter2');
});

it('does not show what caused an error but by its message', () => {
  const cause = Object.assign(new Error('inner'), {
    request: { headers: { authorization: 'x1' } },
  });
  const line = logged(new Error('outer', { cause }));
  expect(line).toContain('inner');
  expect(line).not.toContain('x1');
});
