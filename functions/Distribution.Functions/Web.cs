using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>
/// Passes every HTTP request to the one pipeline. The trigger is anonymous because the pipeline authenticates and
/// authorizes.
/// </summary>
public sealed class Web(WebPipeline pipeline)
{
    [Function(nameof(Web))]
    public Task Run(
        [HttpTrigger(
            AuthorizationLevel.Anonymous,
            "get", "head", "post", "put", "delete", "options", "patch",
            Route = "{*path}")]
        HttpRequest request) =>
        pipeline.Answer(request.HttpContext);
}
