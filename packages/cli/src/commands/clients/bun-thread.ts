/* The program of a thread that unpacks archives for a guarded bun. */
import { serveUnpacking } from '@tarwarden/bun-wrapper/unpack-thread';

serveUnpacking();
