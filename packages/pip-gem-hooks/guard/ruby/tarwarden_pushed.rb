# frozen_string_literal: true

# `gem push`: the bytes that were inspected are the bytes that are uploaded.
module Tarwarden
  module Pushing # Gem::Commands::PushCommand
    def execute
      Tarwarden.within(:tarwarden_publishing, true) { super }
    end

    # RubyGems reads the file again for each request, as after it has asked for a one-time password.
    def send_gem(name)
      bytes = Gem.read_binary(name)
      Tarwarden.check_bytes(bytes, fileName: File.basename(name), source: File.expand_path(name))
      Gem.singleton_class.prepend(ReadingPushed)
      Tarwarden.within(:tarwarden_pushed, [name, bytes]) { super }
    end
  end

  module ReadingPushed # Gem's own methods
    def read_binary(path)
      name, bytes = Thread.current[:tarwarden_pushed]
      name == path ? bytes : super
    end
  end
end
