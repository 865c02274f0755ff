/* The program of a thread that inspects the archives of an audit. */
import { inspect } from '@tarwarden/core';
import { serveInspections } from '@tarwarden/host';
import { inspectFile } from '@tarwarden/host/inspect-file';

serveInspections({
  inspect,
  inspectFile(path, options) {
    const result = inspectFile(path, options);
    if ('error' in result) throw new Error(result.error.message);
    return result.verdict;
  },
});
