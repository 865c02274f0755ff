# frozen_string_literal: true

# Private copies of gems: of bytes that are in no file yet, and of files into which others could write. Made without `tmpdir`, which
# is a default gem and loads two more.
module Tarwarden
  COPIED_MAX = 512 << 20 # bytes; the wrapper reads no more of a gem

  class << self
    private

    # A user who can write only to its folder can put another file there. That does not change the open file.
    def others_write?(stat)
      ![0, Process.euid].include?(stat.uid) || stat.mode.anybits?(0o022)
    end

    # Yields the copy of a file or of bytes, open, which is gone afterwards.
    def private_copy(from, mode = 0o600)
      folder = private_folder
      path = File.join(File.realpath(folder), "archive.gem")
      File.open(path, "wb+", mode) do |copy|
        from.is_a?(String) ? copy.write(from.byteslice(0, COPIED_MAX + 1)) : IO.copy_stream(from, copy, COPIED_MAX + 1)
        copy.rewind
        yield copy
      end
    ensure
      File.delete(path) if path && File.exist?(path)
      Dir.rmdir(folder) if folder
    end

    # Makes a new folder that no other user may enter. mkdir fails if something has that name already.
    def private_folder
      File.join(temporary_folder, "tarwarden-gem-#{Random.urandom(16).unpack1("H*")}").tap { |folder| Dir.mkdir(folder, 0o700) }
    end

    # The folder that Dir.tmpdir would choose, without those in which other users could move our files.
    def temporary_folder
      folders = [*ENV.values_at("TMPDIR", "TMP", "TEMP"), "/tmp", "/var/tmp", "."].compact.reject(&:empty?)
      folders.map { |folder| File.expand_path(folder) }.find { |folder| safe?(folder) } ||
        raise(IOError, "tarwarden: there is no temporary folder to write to")
    end

    def safe?(folder)
      File.directory?(folder) && File.writable?(folder) && held?(File.realpath(folder))
    rescue SystemCallError
      false
    end

    # Whether no other user can move the files in a folder. If others may write there, only the sticky bit prevents it. The wrapper has
    # looked at the folders above the usual ones, and knows which owners a sandbox shows.
    def held?(folder)
      stat = File.stat(folder)
      !others_write?(stat) || ([0, Process.euid].include?(stat.uid) && stat.sticky?)
    end
  end
end
