"""The subcommands that seal, check and keep; the parser is `tui.command`."""
