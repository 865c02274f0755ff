# RubyGems' own reader under the runner: `node run.mjs --batch --formats gem -- ruby {suite}/examples/rubygems_package.rb`.
#
# Each line of standard input names a gem and an empty folder, and each line of the output is a verdict. The runner itself looks at
# what is in the folder.

require 'fileutils'
require 'json'
require 'rubygems/package'

$stdout.sync = true
$stdin.each_line do |line|
  task = JSON.parse(line)
  answer =
    begin
      package = Gem::Package.new(task['archive'])
      package.spec
      package.extract_files(task['out'])
      { verdict: 'accept' }
    rescue Exception => error
      { verdict: 'reject', reason: error.message }
    end
  puts JSON.generate({ archive: task['archive'], **answer })
end
