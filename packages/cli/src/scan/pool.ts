import type { ScanResult } from '@tarwarden/core';
import type { Input } from './inputs.ts';
import { judgeFile, type Job } from './judge-file.ts';

/** Judges inputs one after another, in their order. */
export async function* judgeAll(
  inputs: AsyncIterable<Input>,
  job: Job,
  mainUrl: string,
): AsyncGenerator<ScanResult> {
  void mainUrl;
  for await (const { path, error } of inputs) {
    yield error === undefined ? judgeFile(path, job) : { path, error };
  }
}
