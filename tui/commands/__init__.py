"""The subcommands that seal, check, keep and write; the parser is `tui.command`."""
