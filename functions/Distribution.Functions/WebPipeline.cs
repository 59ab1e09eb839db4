using Distribution.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Distribution.Functions;

/// <summary>
/// The pipeline that every host runs, built once. It gets the requests that the Functions host has already routed.
/// </summary>
public sealed class WebPipeline(IServiceProvider services, IHttpContextAccessor accessor)
{
    private readonly RequestDelegate pipeline = new ApplicationBuilder(services).UseDistributionWeb().Build();

    /// <summary>Answers one request, all of it: a page, a file, a redirect or an error page.</summary>
    public async Task Answer(HttpContext context)
    {
        // The pipeline would mistake the host's own endpoint and catch-all route value for its own.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        accessor.HttpContext = context;
        await pipeline(context);
    }
}
