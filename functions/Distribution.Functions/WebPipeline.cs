using Distribution.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Distribution.Functions;

/// <summary>
/// The pipeline every host runs, built once and handed the requests the Functions host has routed already.
/// </summary>
public sealed class WebPipeline(IServiceProvider services, IHttpContextAccessor accessor)
{
    private readonly RequestDelegate pipeline = new ApplicationBuilder(services).UseDistributionWeb().Build();

    public async Task Answer(HttpContext context)
    {
        // The host's own endpoint and catch-all route value would be taken for the pipeline's.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        accessor.HttpContext = context;
        await pipeline(context);
    }
}
