// Loaded with `--import` before the command: makes node:fs fail, or ends the process, at one exact call.
//
// FAULT is `<function>:<call, from 1>:<what>`, where what is an error code, or a signal that the process sends itself.
// With REPORT_RSS, the largest memory that the process had, in bytes, is written to that file at its end.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const [name = '', call = '', what = ''] = (process.env['FAULT'] ?? '').split(':');
const real = /** @type {Record<string, Function>} */ (/** @type {unknown} */ (fs))[name];
let calls = 0;

if (real !== undefined) {
  Object.assign(fs, {
    /** @param {unknown[]} args */
    [name]: (...args) => {
      calls += 1;
      if (calls === Number(call)) {
        if (what.startsWith('SIG')) process.kill(process.pid, what);
        else throw Object.assign(new Error(`${what}: made up`), { code: what, syscall: name });
      }
      return real(...args);
    },
  });
  syncBuiltinESMExports();
}

const report = process.env['REPORT_RSS'];
if (report !== undefined) {
  process.on('exit', () => fs.writeFileSync(report, String(process.resourceUsage().maxRSS * 1024)));
}
