using Distribution.Functions;
using Distribution.Hosting;
using Distribution.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// At Information the framework names the address of every request, and a mission's link is one.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services
    .AddMonitoring(builder.Configuration)
    .AddDistribution(builder.Configuration)
    .AddDistributionWeb()
    .AddHttpContextAccessor()
    .AddSingleton<WebPipeline>()
    .AddAuthentication(AppServiceAuthentication.Name)
    .AddScheme<AuthenticationSchemeOptions, AppServiceAuthentication>(AppServiceAuthentication.Name, null);
// The letters in flight are finished, as far as the platform lets them be.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(10));
var app = builder.Build();
// Before the first function runs: each expects its tables and containers to be there.
await app.Services.GetRequiredService<IWorkflow>().CreateStorage(CancellationToken.None);
await app.RunAsync();
