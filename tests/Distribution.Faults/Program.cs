using Distribution.FaultSuite;

return args is [Worker.Command, .. var settings] ? await Worker.Run(settings) : await SuiteCommand.Run(args);
