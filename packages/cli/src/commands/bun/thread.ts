/* What a thread of a guarded bun is started with. */
import { serveUnpacking } from '@tarwarden/bun-wrapper/unpack-thread';

serveUnpacking();
