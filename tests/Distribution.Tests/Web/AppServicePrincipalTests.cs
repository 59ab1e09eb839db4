using System.Security.Claims;
using System.Text;
using Distribution.Web;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class AppServicePrincipalTests
{
    private const string EmailAddress = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

    private const string Secretary = $$"""
        {
          "auth_typ": "aad",
          "name_typ": "{{EmailAddress}}",
          "role_typ": "{{ClaimTypes.Role}}",
          "claims": [
            { "typ": "{{EmailAddress}}", "val": "amélie@secretariat.example" },
            { "typ": "name", "val": "Amélie" },
            { "typ": "roles", "val": "Sender" }
          ]
        }
        """;

    [Fact]
    public void Reads_who_is_signed_in_and_by_which_provider()
    {
        var identity = AppServicePrincipal.Read("True", Header(Secretary))!.Identity!;

        Assert.Equal("amélie@secretariat.example", identity.Name);
        Assert.Equal("aad", identity.AuthenticationType);
        Assert.True(identity.IsAuthenticated);
    }

    [Fact]
    public void Takes_Entra_roles_for_roles_though_the_header_announces_another_type()
    {
        var principal = AppServicePrincipal.Read("True", Header(Secretary))!;

        Assert.True(principal.IsInRole("Sender"));
        Assert.False(principal.IsInRole("Administrator"));
    }

    [Fact]
    public void Takes_the_announced_type_for_roles()
    {
        var principal = AppServicePrincipal.Read("True", Header("""
            { "auth_typ": "oidc", "name_typ": "name", "role_typ": "group", "claims": [ { "typ": "name", "val": "Amélie" }, { "typ": "group", "val": "Sender" } ] }
            """))!;

        Assert.True(principal.IsInRole("Sender"));
    }

    [Fact]
    public void Uses_the_user_name_where_the_announced_name_is_missing()
    {
        var principal = AppServicePrincipal.Read("True", Header($$"""
            { "auth_typ": "aad", "name_typ": "{{EmailAddress}}", "claims": [ { "typ": "name", "val": "Amélie" }, { "typ": "preferred_username", "val": "amelie" } ] }
            """))!;

        Assert.Equal("amelie", principal.Identity!.Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("False")]
    [InlineData("1")]
    public void Believes_no_header_while_the_platform_does_not_say_that_its_authentication_is_on(
        string? platformSwitch) => Assert.Null(AppServicePrincipal.Read(platformSwitch, Header(Secretary)));

    [Theory]
    [InlineData("True")]
    [InlineData("true")]
    public void Believes_the_header_while_the_platform_says_that_its_authentication_is_on(string platformSwitch) =>
        Assert.NotNull(AppServicePrincipal.Read(platformSwitch, Header(Secretary)));

    [Theory]
    [InlineData("not Base64 at all")]
    [InlineData("")]
    public void Takes_a_header_that_is_not_Base64_for_nobody(string header) =>
        Assert.Null(AppServicePrincipal.Read("True", header));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{ \"auth_typ\": \"aad\"")]
    [InlineData("{ \"auth_typ\": \"aad\", \"name_typ\": \"name\" }")]
    [InlineData("{ \"auth_typ\": \"aad\", \"name_typ\": \"name\", \"claims\": null }")]
    [InlineData("{ \"auth_typ\": \"aad\", \"name_typ\": \"name\", \"claims\": [] }")]
    [InlineData("{ \"auth_typ\": \"aad\", \"name_typ\": \"name\", \"claims\": [null] }")]
    [InlineData("{ \"auth_typ\": \"aad\", \"name_typ\": \"name\", \"claims\": [ { \"typ\": \"name\" } ] }")]
    [InlineData(
        "{ \"auth_typ\": \"aad\", \"name_typ\": \"name\", \"claims\": [ { \"typ\": \"name\", \"val\": null } ] }")]
    [InlineData(
        "{ \"auth_typ\": \"aad\", \"name_typ\": \"name\", \"claims\": [ { \"typ\": \"name\", \"val\": \" \" } ] }")]
    [InlineData("{ \"auth_typ\": \"aad\", \"name_typ\": \"name\", \"claims\": [ { \"typ\": null, \"val\": \"x\" } ] }")]
    [InlineData(
        "{ \"auth_typ\": \"\", \"name_typ\": \"name\", \"claims\": [ { \"typ\": \"name\", \"val\": \"Amélie\" } ] }")]
    [InlineData(
        "{ \"auth_typ\": 1, \"name_typ\": \"name\", \"claims\": [ { \"typ\": \"name\", \"val\": \"Amélie\" } ] }")]
    public void Takes_a_header_that_names_nobody_properly_for_nobody(string json) =>
        Assert.Null(AppServicePrincipal.Read("True", Header(json)));

    [Fact]
    public void Takes_a_missing_header_for_nobody() =>
        Assert.Null(AppServicePrincipal.Read("True", StringValues.Empty));

    [Fact]
    public void Takes_a_header_given_twice_for_nobody() =>
        Assert.Null(AppServicePrincipal.Read("True", new StringValues([Header(Secretary), Header(Secretary)])));

    [Theory]
    [InlineData("/distributions/a?page=2", "%2Fdistributions%2Fa%3Fpage%3D2")]
    [InlineData("/", "%2F")]
    [InlineData("", "%2F")]
    [InlineData("//elsewhere.example", "%2F")]
    [InlineData("/\\elsewhere.example", "%2F")]
    [InlineData("https://elsewhere.example", "%2F")]
    public void Brings_a_person_back_to_a_page_of_this_site_alone(string page, string back) =>
        Assert.Equal($"/.auth/login/aad?post_login_redirect_uri={back}", AppServicePrincipal.SignIn(page));

    private static string Header(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
}
