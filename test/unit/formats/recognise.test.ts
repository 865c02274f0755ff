import { describe, expect, it } from 'vitest';
import { recogniseFormat } from '@tarwarden/core';

describe('recogniseFormat', () => {
  it.each([
    ['left-pad-npm-1.3.0-0a1b2c3d4e-8.zip', 'yarn-zip'],
    ['A.ZIP', 'yarn-zip'],
    ['a-1.0.0.tgz', 'npm'],
    ['six-1.17.0-py2.py3-none-any.whl', 'wheel'],
    ['no-name', 'npm'],
  ])('%s is %s where the bytes say nothing', (name, format) => {
    expect(recogniseFormat(name, new Uint8Array())).toBe(format);
  });
});
