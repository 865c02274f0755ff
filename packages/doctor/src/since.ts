/* Leaves out the entries of an earlier report. */
import { readBounded } from '@tarwarden/host';
import * as v from 'valibot';
import type { Component, DoctorProblem } from './component.ts';
import type { Defence } from './defences/defence.ts';
import type { Examination } from './examine.ts';
import type { Probed } from './probe/probe.ts';

/** A file that is not an earlier report. */
export class ReportFileError extends Error {
  override readonly name = 'ReportFileError';
  readonly code = 'report-file';
}

const REPORT_BYTES_MAX = 64 * 1024 * 1024;

const origin = v.union([
  v.object({ kind: v.literal('program'), path: v.string() }),
  v.object({ kind: v.literal('lockfile'), file: v.string() }),
]);

/** The parts of a `--reporter json` document that are compared. */
const earlier = v.object({
  schema: v.literal(1),
  holes: v.array(
    v.object({
      id: v.string(),
      state: v.string(),
      component: v.object({ name: v.string(), version: v.string(), origin }),
    }),
  ),
  problems: v.array(v.object({ message: v.string(), file: v.optional(v.string()) })),
  defences: v.optional(
    v.array(
      v.object({
        manager: v.string(),
        version: v.nullable(v.string()),
        folder: v.string(),
        setting: v.string(),
        state: v.string(),
      }),
    ),
    [],
  ),
  probe: v.nullish(
    v.object({
      results: v.array(
        v.object({
          title: v.string(),
          tried: v.boolean(),
          escaped: v.array(v.object({ id: v.string() })),
          links: v.array(v.object({ id: v.string() })),
        }),
      ),
    }),
  ),
});

/** The examination without entries that the report in a file also has. Lines may have moved. */
export function withoutReported(examination: Examination, file: string): Examination {
  const report = readReport(file);
  const holes = new Set(
    report.holes.map(({ id, state, component }) => holeKey(id, state, component)),
  );
  const problems = new Set(report.problems.map(problemKey));
  const probed = new Set(report.probe?.results.map(probedKey));
  const advised = new Set(report.defences.map(defenceKey));
  const { probe, defences } = examination;
  return {
    ...examination,
    holes: examination.holes.filter(
      ({ record, state, component }) => !holes.has(holeKey(record.id, state, component)),
    ),
    problems: examination.problems.filter((problem) => !problems.has(problemKey(problem))),
    ...(defences === undefined
      ? {}
      : { defences: defences.filter((defence) => !advised.has(defenceKey(defence))) }),
    ...(probe === undefined
      ? {}
      : {
          probe: {
            ...probe,
            results: probe.results.filter((result) => !probed.has(probedKey(result))),
          },
        }),
  };
}

function readReport(file: string): v.InferOutput<typeof earlier> {
  let value: unknown;
  try {
    const { bytes } = readBounded(file, { bytesMax: REPORT_BYTES_MAX, follow: true });
    value = JSON.parse(bytes?.toString('utf8') ?? '');
  } catch (cause) {
    throw new ReportFileError(`${file} cannot be read as JSON`, { cause });
  }
  const read = v.safeParse(earlier, value);
  if (!read.success) throw new ReportFileError(`${file} is no report of "doctor --reporter json"`);
  return read.output;
}

type ReportedOrigin =
  | { readonly kind: 'program'; readonly path: string }
  | { readonly kind: 'lockfile'; readonly file: string };

type ReportedComponent = Pick<Component, 'name' | 'version'> & { readonly origin: ReportedOrigin };

function holeKey(
  id: string,
  state: string,
  { name, version, origin: at }: ReportedComponent,
): string {
  return JSON.stringify([id, state, name, version, at.kind === 'program' ? at.path : at.file]);
}

function problemKey({
  message,
  file,
}: {
  message: string;
  file?: DoctorProblem['file'] | undefined;
}): string {
  return JSON.stringify([message, file]);
}

interface ReportedDefence extends Pick<Defence, 'folder' | 'setting'> {
  readonly manager: string;
  readonly version: string | null | undefined;
  readonly state: string;
}

function defenceKey({ manager, version, folder, setting, state }: ReportedDefence): string {
  return JSON.stringify([manager, version ?? null, folder, setting, state]);
}

interface ReportedProbe extends Pick<Probed, 'title' | 'tried'> {
  readonly escaped: readonly { readonly id: string }[];
  readonly links: readonly { readonly id: string }[];
}

function probedKey({ title, tried, escaped, links }: ReportedProbe): string {
  return JSON.stringify([title, tried, escaped.map(({ id }) => id), links.map(({ id }) => id)]);
}
