# Prints the commands of a Makefile: "##@ group" lines are headings, "target: … ## text" are commands.
BEGIN { print "make TARGET [NAME=value …]" }
/^##@ / { printf "\n%s\n", substr($0, 5) }
/^[a-z-]+:.* ## / {
    split($0, line, " ## ")
    split(line[1], name, ":")
    printf "  %-21s %s\n", name[1], line[2]
}
END {
    print "\nVariables (with their defaults)"
    print "  ENV=local         environment: local, dev or prd"
    print "  STACK=sync-batch  system: a folder of terraform/stacks"
    print "  JOB=$STACK        scheduled job"
    print "  SINCE=1h          how far back logs go: 30m, 2h, 7d"
    print "  ERRORS=1          only lines with the level ERROR"
    print "  WAIT=1            follow the run and exit as it did"
    print "  TABLE=…           table of DynamoDB; else the one of the function's settings"
    print "  DRY_RUN=1         only tell what would be done"
    print "  Q=…               words that a file's name or text has; or IMAGE=a file like those wanted"
    print "  TYPE=pdf          only files of that kind; also FOLDER=, FROM=2026-10-01, PAGE=2"
    print "  RESUME=exec-…     go on with a batch that failed; RELEASE=1 although many files are gone"
}
