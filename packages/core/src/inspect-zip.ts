import { createHash } from 'node:crypto';

import { readZip } from './archive/zip/reader.ts';
import type { InspectOptions } from './inspect-options.ts';
import { EntryJudge, judgeContents } from './judge-contents.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { Contents } from './package/contents.ts';
import type { Policy } from './policy/policy.ts';
import { DEFAULT_POLICY } from './policy/policy.ts';
import type { RuleContext } from './rules/define-rule.ts';
import { conclude } from './verdict/conclude.ts';
import { digestOf } from './verdict/digest.ts';
import type { Observation } from './verdict/finding-log.ts';
import { FindingLog } from './verdict/finding-log.ts';
import type { Verdict } from './verdict/verdict.ts';

/**
 * Judges an archive of Yarn's cache: the zip itself (both headers of every entry, every byte accounted for, every
 * checksum), and what it holds by the rules of tarballs. Findings name entries as the zip spells them.
 */
export function inspectZip(input: Uint8Array, options: InspectOptions): Verdict {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const digest = digestOf(bytes, options);
  const { expected = {} } = options;
  const policy = options.policy ?? DEFAULT_POLICY;
  const log = new FindingLog();
  const spelled: string[] = [];
  const add = (observation: Observation): void => {
    const path = observation.entryIndex === undefined ? undefined : spelled[observation.entryIndex];
    log.add(path === undefined ? observation : { ...observation, entry: path });
  };
  const { contents, read } = judge(bytes, {
    add,
    spelled,
    policy,
    context: { links: policy.links, expected },
  });
  const from = options.convertedFrom;
  return conclude(log, inheriting(policy, { sha512: digest.toString('hex'), spelled, from }), {
    format: 'yarn-zip',
    digest,
    size: {
      compressedBytes: bytes.length,
      unpackedBytes: read.unpackedBytes,
      entries: read.entries,
    },
    claimed: contents.manifest?.ok ? contents.manifest : undefined,
    expected,
  });
}

interface Job {
  readonly add: (observation: Observation) => void;
  /** Filled with the whole path of each entry, by its index. */
  readonly spelled: string[];
  readonly policy: Policy;
  readonly context: RuleContext;
}

function judge(bytes: Buffer, job: Job): { contents: Contents; read: ReturnType<typeof readZip> } {
  const { add, spelled, context } = job;
  const { limits } = job.policy;
  const contents = new Contents(limits.manifestBytes);
  const entries = new EntryJudge(add, context);
  const read = readZip(
    bytes,
    {
      entry(entry, whole) {
        spelled[entry.index] = whole;
        entries.judge(entry);
        return contents.add(entry);
      },
      enough: () => contents.files.overflowed,
      body: (body) => contents.body(body),
      anomaly: ({ code, ...where }) => add({ rule: code, ...where }),
    },
    limits,
  );
  contents.end(read.complete);
  // Yarn writes every path once, so even equal content was put there by someone else.
  judgeContents(contents, { add, context, samePath: () => 'duplicate-path' });
  return { contents, read };
}

/**
 * The policy, with the exceptions for the tarball that Yarn made this zip of holding for the zip as well: who accepted
 * a link in the one need not accept it again in the other. The first folder of the path is the only thing that changes.
 */
function inheriting(
  policy: Policy,
  of: { sha512: string; spelled: readonly string[]; from: string | undefined },
): Policy {
  if (of.from === undefined) return policy;
  const own = policy.exceptions.filter((exception) => exception.sha512 === of.from);
  if (own.length === 0) return policy;
  const top = of.spelled
    .map((path) => /^node_modules\/(?:@[^/]+\/)?[^/@][^/]*\//.exec(path)?.[0])
    .find((found) => found !== undefined);
  const moved = own.map((exception) => {
    const { entry } = exception;
    if (entry === undefined) return { ...exception, sha512: of.sha512 };
    const inside = entry.slice(entry.indexOf('/') + 1);
    return { ...exception, sha512: of.sha512, entry: `${top ?? ''}${inside}` };
  });
  return { ...policy, exceptions: [...policy.exceptions, ...moved] };
}

/**
 * A digest (SHA-256, hex) of what an archive of Yarn's cache holds: paths, types, permissions, content. Equal for two
 * archives that differ in compression or order only. Undefined where the archive cannot be read completely.
 */
export function yarnZipContent(input: Uint8Array): string | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const lines: string[] = [];
  let sound = true;
  const { complete } = readZip(
    bytes,
    {
      entry(entry, spelled) {
        lines.push(JSON.stringify([spelled, entry.typeflag, entry.mode, entry.linkpath]));
        return true;
      },
      body(body) {
        lines.push(`${lines.pop() ?? ''} ${createHash('sha256').update(body).digest('hex')}`);
      },
      anomaly: () => void (sound = false),
    },
    DEFAULT_LIMITS,
  );
  if (!complete || !sound) return undefined;
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
}
