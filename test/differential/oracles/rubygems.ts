/** RubyGems' own reader, in two versions, each in a process that stays. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findProgram } from '../../support/programs.ts';
import { root } from './root.ts';

/** What RubyGems has of a gem when it has read it. */
export interface RubyGem {
  readonly rubygems: string;
  readonly spec: {
    readonly name: string;
    readonly version: string;
    /** As the gemspec has it. */
    readonly platform: string;
    readonly fullName: string;
    readonly bindir: string;
    readonly executables: readonly string[];
    readonly extensions: readonly string[];
    readonly requirePaths: readonly string[];
    readonly files: readonly string[];
    /** The folder that it would be installed in, below the folder of gems. */
    readonly folder: string;
  };
  /** The gemspec as libyaml has it: kind, tag, and what it holds; of a scalar, whether it is without quotes. */
  readonly document: unknown;
  /** Paths of the content, in its order. */
  readonly contents: readonly string[];
  /** What was unpacked: path, kind, mode, SHA-256 of the content or target of the link. */
  readonly files: readonly (readonly [string, 'file' | 'link' | 'other', number, string])[];
}

/** Ruby's own RubyGems, beside which Debian has a newer one. */
const OLDER = '/usr/lib/ruby/3.3.0';

/** Arguments of Ruby by which each version that is here is run. */
export const rubygemsVersions: readonly (readonly string[])[] =
  findProgram('ruby') === undefined
    ? []
    : [[], ...(existsSync(join(OLDER, 'rubygems.rb')) ? [['-I', OLDER]] : [])];

export class RubyGems {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(args: readonly string[]) {
    const server = join(root, 'test/differential/oracles/rubygems-server.rb');
    this.#child = spawn('ruby', [...args, server], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error with what RubyGems says where it refuses the gem. */
  async read(gem: Buffer): Promise<RubyGem> {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(gem.length);
    this.#child.stdin.write(head);
    this.#child.stdin.write(gem);
    const line = await this.#lines.next();
    const answer = JSON.parse(String(line.value)) as RubyGem & { readonly error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}
