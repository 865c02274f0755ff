# frozen_string_literal: true

# The error of a refusal.
module Tarwarden
  Refusal = Module.new

  # Bundler folds long lines of an error at the width of the terminal. A folded command cannot be pasted.
  class Unfolded < String
    def split(*)
      [self]
    end

    def length
      0
    end
  end

  class << self
    private

    # Without a trace: it is not an error of a program. gem goes on with the next gem after a Gem::InstallError; Bundler prints the form for its own bugs for what is not its own.
    def refusal(message)
      kind = @client == "bundler" ? Bundler::SecurityError : Gem::Exception
      text = @client == "bundler" ? Unfolded.new(message) : message
      const_set(:Refused, Class.new(kind) { include Refusal }).new(text).tap { |error| error.set_backtrace([]) }
    end
  end
end
