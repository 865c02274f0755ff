// Checks a packed package before anybody installs it.

import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { list } from 'tar';
import { root } from '../workspace.mjs';
import { fileProblems, manifestProblems } from './contents.mjs';

/**
 * @param {string} file  A tarball.
 * @param {boolean} api  Whether it has to have types.
 * @returns {Promise<string[]>} What is wrong with it.
 */
export async function problemsOf(file, api) {
  const bytes = readFileSync(file);
  const texts = await textsIn(file);
  const manifest = JSON.parse(texts.get('package.json') ?? '{}');
  return [
    ...manifestProblems(manifest),
    ...fileProblems(texts, root),
    ...(await shapeProblems(bytes, manifest)),
    ...(api ? await typeProblems(bytes) : []),
  ];
}

/** @param {string} file */
async function textsIn(file) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  await list({
    file,
    onReadEntry(entry) {
      /** @type {Buffer[]} */
      const chunks = [];
      entry.on('data', (chunk) => chunks.push(chunk));
      entry.on('end', () => {
        texts.set(entry.path.replace(/^package\//, ''), Buffer.concat(chunks).toString('utf8'));
      });
    },
  });
  return texts;
}

/**
 * @param {Buffer} bytes
 * @param {Record<string, unknown>} manifest
 */
async function shapeProblems(bytes, manifest) {
  const tarball = new Uint8Array(bytes).buffer;
  const { messages } = await publint({ pack: { tarball }, strict: true });
  return messages
    .filter(({ type }) => type !== 'suggestion')
    .map((message) => `publint: ${formatMessage(message, manifest) ?? message.code}`);
}

/**
 * Only as ES modules, and by `exports`: every Node that is supported can require() them.
 * @param {Buffer} bytes
 */
async function typeProblems(bytes) {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (!result.types) return ['attw: no types'];
  return result.problems
    .filter((problem) => {
      const way = 'resolutionKind' in problem ? problem.resolutionKind : '';
      return way !== 'node10' && !(way === 'node16-cjs' && problem.kind === 'CJSResolvesToESM');
    })
    .map((problem) =>
      `attw: ${problem.kind} ${'entrypoint' in problem ? problem.entrypoint : ''}`.trim(),
    );
}
